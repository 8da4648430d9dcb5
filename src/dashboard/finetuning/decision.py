"""Whether to fine-tune at all: what it saves, five criteria, and what may do instead."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from src import conversations, finetuning
from src.dashboard import charts, formats, markdown, ui
from src.dashboard.finetuning import counts as finetuning_counts
from src.dashboard.finetuning import inputs, words
from src.dashboard.finetuning.inputs import Given
from src.dashboard.i18n import _, ngettext
from src.finetuning import Decision, Filters, Payback, StoredCounts, TrainingSet
from src.messages import N_

_LOOK = {
    "implement": ("success", ":material/thumb_up:"),
    "collect": ("info", ":material/hourglass:"),
    "not_now": ("warning", ":material/block:"),
}
_BADGES = {"for": ":green-badge", "against": ":red-badge", "undecided": ":gray-badge"}
_SHORT = {"prompts": N_("Instruções melhores"), "smaller_model": N_("Modelo menor")}
_SIGNS = {"for": "✓", "against": "✕", "undecided": "?"}


def draw() -> None:
    """Draw the figures, the recommendation and all that it rests on."""
    stored = conversations.list_conversations(limit=1).total
    counts = finetuning_counts.current(stored, key="finetuning_decision_survey") if stored else None
    usage = counts.usage if counts is not None else None
    if usage is not None and not usage.conversations:
        usage = None  # nothing in the last 30 days: the study's example says more
    newest = next(iter(finetuning.list_sets()), None)
    good = _good(counts, newest)
    inputs.prepare(usage, good)

    def refill() -> None:
        inputs.fill(st.session_state[inputs.BASE], usage, good)

    bases = [base for base in inputs.BASES if usage is not None or base == inputs.STUDY]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            _("Partir de"),
            bases,
            default=bases[0],
            required=True,
            format_func=lambda base: _(inputs.BASES[base]),
            key=inputs.BASE,
            on_change=refill,
            persist_state="session",
            help=_(
                "Preenche os números abaixo; mude o que quiser. Eles ficam no endereço da página, "
                "que pode ser enviado a outra pessoa."
            ),
        )
        st.caption(_source(usage, counts, newest, stored))
    answer = st.container()
    fields, reasons = st.columns(2, gap="large")
    with fields:
        st.markdown("##### :material/tune: " + _("Os números"))
        given = inputs.draw()
    with ui.errors():
        decision = decide(given)
        with answer:
            _headline(decision)
        with reasons:
            _criteria(decision)
            _costs(decision, given)
    if counts is not None:
        finetuning_counts.age(counts, stored, key="finetuning_decision_survey")


def _good(counts: StoredCounts | None, newest: TrainingSet | None) -> int | None:
    """Return how many conversations may be learned from: in the newest set, else by the filters."""
    if newest is not None:
        return sum(newest.examples.values())
    return counts.by_filter.passing(Filters()).kept if counts is not None else None


def _source(
    usage: finetuning.Usage | None,
    counts: StoredCounts | None,
    newest: TrainingSet | None,
    stored: int,
) -> str:
    if st.session_state[inputs.BASE] == inputs.STUDY and usage is not None:
        return _("Os números são os do exemplo do estudo original, não os daqui.")
    if usage is None:
        if counts is not None:
            return _("Não há conversas dos últimos 30 dias: os números são os do estudo original.")
        if stored:
            return _("Conte as conversas para partir do que há aqui.")
        return _("Sem conversas guardadas: os números são os do exemplo do estudo original.")
    said = [
        _(
            "Nos últimos 30 dias, conversas: {conversations}; respostas: {answers}. Os preços são "
            "do estudo: confira com o provedor."
        ).format(
            conversations=formats.number(usage.conversations),
            answers=formats.number(usage.answers),
        ),
        tuned_source(usage),
    ]
    if newest is not None:
        said.append(
            _("Conversas boas: os exemplos de {name} v{version}, o conjunto mais novo.").format(
                name=markdown.escape(newest.name), version=newest.version
            )
        )
    elif counts is not None:
        said.append(
            _("Conversas boas: as que passavam nos filtros em {time}, antes da limpeza.").format(
                time=formats.moment(counts.at)
            )
        )
    return " ".join(said)


def tuned_source(usage: finetuning.Usage) -> str:
    """Say where the tokens of the tuned model's answers come from."""
    tokens = zip((usage.input_tokens, usage.output_tokens), inputs.STUDY_TOKENS, strict=True)
    read, written = (usage.answers > 0 and round(used) < study for used, study in tokens)
    if read and written:
        return _("Os tokens com ajuste fino são os de hoje, que já são menos que os do estudo.")
    if read:
        return _("Os tokens com ajuste fino são os de hoje na entrada e os do estudo na saída.")
    if written:
        return _("Os tokens com ajuste fino são os do estudo na entrada e os de hoje na saída.")
    return _("Os tokens com ajuste fino são os do estudo.")


def decide(given: Given) -> Decision:
    """Weigh what was filled in."""
    messages = given.numbers["respostas"]
    satisfaction, usable = given.numbers["satisfacao"], given.numbers["aproveitaveis"]

    def cost(suffix: str) -> float | None:
        keys = [f"{key}{suffix}" for key in ("entrada", "saida", "preco_entrada", "preco_saida")]
        values = [given.numbers[key] for key in keys]
        if messages is None or any(value is None for value in values):
            return None
        return finetuning.monthly_cost(messages, *(value or 0.0 for value in values))

    return finetuning.decide(
        conversations=given.numbers["conversas"],
        current_cost=cost(""),
        projected_cost=cost("_fino"),
        satisfaction=None if satisfaction is None else satisfaction / 100,
        rated=int(given.number("avaliadas")),
        team=given.team,
        usable=None if usable is None else int(usable),
        wrong_facts=given.wrong_facts,
        assumptions=given.assumptions,
    )


def _headline(decision: Decision) -> None:
    kind, icon = _LOOK[decision.recommendation]
    getattr(st, kind)(markdown.said(decision.headline), icon=icon)
    with st.container(horizontal=True, key="finetuning_costs"):
        ui.metric(_("Hoje, por mês"), words.money(decision.current_cost), height="stretch")
        ui.metric(
            _("Com ajuste fino, por mês"), words.money(decision.projected_cost), height="stretch"
        )
        ui.metric(
            _("Economia por mês"),
            words.money(decision.monthly_saving),
            None if decision.saving_share is None else formats.percent(decision.saving_share),
            height="stretch",
            help=_("Só as respostas; treinar de novo e guardar os dados vêm na manutenção."),
        )
        ui.metric(
            _("Investimento pago em"),
            months(decision.payback_net),
            words.span(decision.investment),
            height="stretch",
            help=_(
                "Horas de trabalho × valor da hora, ao câmbio informado; o prazo já desconta a "
                "manutenção. Sem contá-la: {months}."
            ).format(months=months(decision.payback)),
        )
    if decision.beyond_smaller_model is not None:
        _beyond(decision.beyond_smaller_model)


def _beyond(pair: tuple[float, float]) -> None:
    if pair[1] <= 0:
        st.caption(
            _(
                "Um modelo menor sem treino economiza tanto quanto, ou mais. Pelo custo, o ajuste "
                "fino não se justifica; só pela qualidade."
            )
        )
        return
    st.caption(
        _(
            "Além do que um modelo menor sem treino já economizaria, o ajuste fino poupa {amount} "
            "por mês."
        ).format(amount=words.span((max(0.0, pair[0]), pair[1])))
    )


def months(pays: Payback | None) -> str:
    """Return after how many months an investment is paid back."""
    if pays is None:
        return formats.MISSING
    if pays.fastest is None:
        return _("nunca")
    fastest = formats.number(float(pays.fastest), decimals=1)
    if pays.slowest is None:
        return _("{months} ou nunca").format(months=_months(pays.fastest, fastest))
    slowest = formats.number(float(pays.slowest), decimals=1)
    if fastest == slowest:
        return _months(pays.fastest, fastest)
    return _("{fastest} a {slowest} meses").format(fastest=fastest, slowest=slowest)


def _months(value: float, written: str) -> str:
    # Portuguese counts up to 1,9 as one; English has a ngettext wherever a decimal is written.
    return ngettext("{months} mês", "{months} meses", 1 if value < 1.95 else 2).format(
        months=written
    )


def _criteria(decision: Decision) -> None:
    st.markdown("##### :material/balance: " + _("Os cinco critérios"))
    limit = _("Limite")
    with st.container(border=True, key="finetuning_criteria"):
        for criterion in decision.criteria:
            word = _(words.VERDICTS[criterion.verdict])
            badge = f"{_BADGES[criterion.verdict]}[{_SIGNS[criterion.verdict]} {word}]"
            st.markdown(
                f"**{markdown.said(criterion.title)}** {badge} {markdown.said(criterion.measured)}"
                f"  \n{markdown.said(criterion.reason)}  \n"
                f":small[:gray[{limit}: {markdown.said(criterion.threshold)}.]]"
            )


def _costs(decision: Decision, given: Given) -> None:
    st.markdown("##### :material/alt_route: " + _("Alternativas"))
    if decision.current_cost is not None:
        _picture(decision, given)
    for other in decision.alternatives:
        fits_here = _("cabe aqui")
        fit = f" :green-badge[✓ {fits_here}]" if other.fits else ""
        with st.container(border=True):
            st.markdown(
                f"**{markdown.said(other.title)}**{fit}  \n"
                f"{markdown.said(other.reason)}  \n:small[:gray[{_facts(other)}]]"
            )


def _facts(other: finetuning.Alternative) -> str:
    low, high = (formats.number(float(hours), decimals=0) for hours in other.hours)
    saves = (
        _("não reduz o custo")
        if not other.saving_share[1]
        else _("economiza {low} a {high}").format(
            low=formats.percent(other.saving_share[0], decimals=0),
            high=formats.percent(other.saving_share[1], decimals=0),
        )
    )
    if other.monthly_saving is not None and other.saving_share[1]:
        saves += " (" + _("{amount} por mês").format(amount=words.span(other.monthly_saving)) + ")"
    hours = _("{low} a {high} horas").format(low=low, high=high)
    facts = [saves, hours, words.span(other.investment)]
    if other.payback is not None and other.saving_share[1]:
        facts.append(_("retorno em {months}").format(months=months(other.payback)))
    return " · ".join(facts).replace("$", r"\$")


def _picture(decision: Decision, given: Given) -> None:
    cost = decision.current_cost
    assert cost is not None
    rows = [(_("Hoje"), cost, cost)]
    for other in decision.alternatives:
        if other.monthly_saving is not None and other.saving_share[1]:
            low, high = other.monthly_saving
            rows.append((_(_SHORT[other.id]), cost - high, cost - low))
    if decision.projected_cost is not None:
        low, high = given.assumptions.upkeep
        tuned = decision.projected_cost
        rows.append((_("Ajuste fino com manutenção"), tuned + low, tuned + high))
    figure = charts.bars(
        [
            charts.Bar(name, (low + high) / 2, (high - low) / 2 or None, muted=index == 0)
            for index, (name, low, high) in enumerate(rows)
        ],
        decimals=0,
    )
    figure.update_layout(title=_("Custo por mês, US$"))
    charts.show(
        figure,
        key="finetuning_costs_chart",
        alt=_("Custo por mês de hoje, das alternativas e do ajuste fino"),
        data=pd.DataFrame(rows, columns=["opcao", "minimo", "maximo"]),
    )
