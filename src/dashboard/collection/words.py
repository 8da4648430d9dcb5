"""How event types, reasons and goals are called on the collection screen."""

from __future__ import annotations

import re

from src import collection
from src.collection import InteractionType
from src.dashboard import formats
from src.dashboard.i18n import _
from src.messages import N_

TYPES = {
    InteractionType.CLICK: N_("Cliques"),
    InteractionType.VIEW_DETAILS: N_("Detalhes"),
    InteractionType.WHATSAPP_CONTACT: N_("WhatsApp"),
    InteractionType.IMPRESSION: N_("Exibições"),
}
"""In the order of the funnel; what was merely shown comes last."""

OUTCOMES = {
    InteractionType.CLICK: N_("clicou no carro"),
    InteractionType.VIEW_DETAILS: N_("viu os detalhes"),
    InteractionType.WHATSAPP_CONTACT: N_("chamou no WhatsApp"),
}
"""What a model learns to foresee."""

GOALS = dict(
    zip(
        collection.GOALS,
        (
            N_("Explorar os dados e comparar os primeiros modelos."),
            N_("Treinar um primeiro modelo para o site."),
            N_("Treinar um modelo robusto."),
        ),
        strict=True,
    )
)
"""What each number of interactions allows."""

KINDS = {
    "missing": N_("falta"),
    "extra_field": N_("tem um campo que o esquema não conhece"),
    "enum": N_("não é um dos tipos conhecidos"),
    "string_type": N_("não é um texto"),
    "string_too_short": N_("está vazio"),
    "string_too_long": N_("é longo demais"),
    "string_pattern_mismatch": N_("não tem a forma esperada"),
    "int_type": N_("não é um número inteiro"),
    "int_from_float": N_("não é um número inteiro"),
    "float_type": N_("não é um número"),
    "finite_number": N_("não é um número finito"),
    "greater_than_equal": N_("está abaixo do mínimo"),
    "less_than_equal": N_("está acima do máximo"),
    "model_type": N_("não é um objeto JSON"),
    "model_attributes_type": N_("não é um objeto JSON"),
    "json_invalid": N_("não é JSON"),
    "list_type": N_("não é uma lista"),
    "too_short": N_("está vazio"),
    "too_long": N_("tem itens demais"),
    "too_large": N_("é grande demais"),
    "unsupported_type": N_("veio com um Content-Type que a API não lê"),
    "not_a_text": N_("não é um texto ISO 8601"),
    "datetime_type": N_("não é uma data"),
    "datetime_parsing": N_("não é uma data ISO 8601"),
    "datetime_from_date_parsing": N_("não é uma data ISO 8601"),
    "timezone_aware": N_("não diz o fuso horário"),
    "too_early": N_("é anterior a 2015"),
    "too_late": N_("está mais de um dia no futuro"),
    "taken": N_("já é de um evento de outra sessão"),
    "budget_order": N_("tem o orçamento mínimo acima do máximo"),
    "duration_without_details": N_("tem duração sem ser visualização de detalhes"),
}
"""What is wrong with a field, as the schema's own words say it."""

_PLAIN = re.compile(r"[\w.]{1,80}")


def kind(of: InteractionType) -> str:
    """Name an event type."""
    return _(TYPES[of])


def reason(counted: str) -> str:
    """Say in words why an event was rejected.

    Parameters
    ----------
    counted : str
        As it is counted: ``field: kind``, or only a kind for the event as a whole.
    """
    field, separator, what = counted.rpartition(": ")
    said = _(KINDS[what]) if what in KINDS else _("não segue o esquema ({kind})").format(kind=what)
    name = field if _PLAIN.fullmatch(field) else "?"
    if not separator:
        name = _("evento")
    return f"{name}: {said}"


def share(part: int, whole: int) -> str:
    """Write a part of a whole as a percentage; a dash when there is no whole."""
    return formats.percent(part / whole if whole else None)
