"""How decisions, outcomes and agreement are called on the review screen."""

from __future__ import annotations

from src import review
from src.conversations import Outcome
from src.dashboard.i18n import _
from src.messages import N_
from src.review import Decision, Label

OUTCOMES: dict[Outcome, str] = {
    Outcome.RESOLVED: N_("resolvida"),
    Outcome.ABANDONED: N_("abandonada"),
    Outcome.OPEN: N_("em aberto"),
    Outcome.NONE: N_("não se sabe"),
}
DECISIONS: dict[Decision, str] = {
    Decision.APPROVED: N_("Aprovada"),
    Decision.REJECTED: N_("Rejeitada"),
    Decision.RETURNED: N_("Devolvida"),
}
DECISION_ICONS: dict[Decision, str] = {
    Decision.APPROVED: ":material/check_circle:",
    Decision.REJECTED: ":material/cancel:",
    Decision.RETURNED: ":material/undo:",
}
LABELS: dict[Label, str] = {Label.GOOD: N_("Boa"), Label.BAD: N_("Ruim")}
STRENGTH = (
    (0.0, N_("não passa do acaso")),
    (0.2, N_("muito fraca")),
    (0.4, N_("fraca")),
    (0.6, N_("moderada")),
    (0.8, N_("forte")),
    (1.0, N_("quase total")),
)
"""Upper bounds of kappa and their names, after Landis and Koch (Biometrics 33, 1977)."""

ENOUGH = 30
"""With fewer judgements in common, a kappa may be anything."""


def criterion(name: str) -> str:
    """Name what reviewers agree on, or do not."""
    if name == "decision":
        return _("Decisão")
    if name == "turn":
        return _("Boa ou ruim, por mensagem")
    return _(review.CRITERIA[name])


def agreement(kappa: float | None, n: int) -> str:
    """Say in words what a kappa means, and whether it rests on enough."""
    if kappa is None:
        return _("todos deram sempre a mesma resposta: o kappa não diz nada")
    said = next((name for bound, name in STRENGTH if kappa <= bound), STRENGTH[-1][1])
    if n < ENOUGH:
        return _("{strength}, mas com poucos casos para concluir").format(strength=_(said))
    return _(said)
