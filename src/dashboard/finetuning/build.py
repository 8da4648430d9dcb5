"""The form of a new version, how many conversations pass its filters, and the build itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from src import conversations, days, finetuning, jobs
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.finetuning import counts as finetuning_counts
from src.dashboard.finetuning import empty, listing, start, words
from src.dashboard.finetuning import not_personal as finetuning_not_personal
from src.dashboard.i18n import _, ngettext, translate
from src.dashboard.parts import table
from src.dashboard.parts.own_job import OwnJob
from src.finetuning import LEAST_SIMILARITY, Filters, Passed, Recipe, TrainingSet

_JOB = OwnJob("finetuning_job")
ANY_DAY = (dt.date(1970, 1, 1), dt.date(9999, 12, 30))
"""By default a date may be ten years from today at most, and a recipe's other one would be lost."""


def settle() -> Sequence[jobs.Job]:
    """Say how this person's build ended, open the version it made; return the builds that run."""
    running = jobs.in_progress("finetuning.build")
    job = _JOB.settle(_("Montagem cancelada. Nenhuma versão foi criada."))
    if job is not None and job.result:
        listing.open_next(job.result["name"], job.result["version"])
        st.toast(
            _("{name} v{version} montado.").format(
                name=markdown.escape(job.result["name"]), version=job.result["version"]
            ),
            icon=":material/check_circle:",
        )
    return running


def draw(stored: int, versions: Sequence[TrainingSet]) -> None:
    """Draw the form, unfolded while there is no version yet.

    Parameters
    ----------
    stored : int
        Conversations in all.
    versions : sequence of TrainingSet
        Newest first; the form begins with the recipe of the first.
    """
    ui.folded(
        _("Montar conjunto"),
        lambda: _form(stored, versions),
        icon=":material/add:",
        expanded=not versions or _JOB.exists,
        key="finetuning_new",
    )


def _form(stored: int, versions: Sequence[TrainingSet]) -> None:
    start.begin(versions)
    left, right = st.columns(2, gap="large")
    with left:
        name = st.text_input(
            _("Nome"),
            max_chars=80,
            key=start.NAME,
            on_change=start.named,
            args=(versions,),
            help=_("Um nome que já existe ganha mais uma versão; nada é sobrescrito."),
            persist_state="session",
        )
        beginning = st.empty()
        prompt = st.text_area(
            _("Instruções do sistema"),
            height=135,
            max_chars=100_000,
            key=finetuning_not_personal.PROMPT,
            on_change=finetuning_not_personal.propose,
            placeholder=_("Você é a assistente da loja …"),
            help=_(
                "Vão no começo de cada exemplo, como escritas. Use as mesmas que o assistente "
                "recebe em produção. Vazio: exemplos sem instruções."
            ),
            persist_state="session",
        )
        not_personal = finetuning_not_personal.draw()
        extent = _extent(prompt)
    with right:
        filters = _filters()
    recipe = replace(extent, filters=filters, not_personal=not_personal)
    start.keep(recipe)
    with beginning.container():
        _beginning(start.newest_of(versions, name), recipe)
    possible = _passing(stored, recipe)
    st.caption(
        _(
            "Depois dos filtros: limpeza, troca dos dados pessoais, repetidas fora (a partir de "
            "{similarity} de semelhança), divisão {shares} por cliente. Roda em segundo plano."
        ).format(
            similarity=formats.number(recipe.similarity),
            shares="/".join(f"{100 * share:.0f}" for share in finetuning.SHARES.values()),
        )
    )
    if st.button(
        _("Montar conjunto"),
        key="finetuning_start",
        type="primary",
        icon=":material/play_arrow:",
        disabled=_JOB.running() is not None or not possible,
    ):
        with ui.errors():
            _JOB.remember(finetuning.start_build(name, recipe, actor=shell.actor()))
            st.rerun()


def _beginning(newest: TrainingSet | None, recipe: Recipe) -> None:
    """Say whether the form has the recipe of the name's newest version, and offer it if not."""
    if newest is None:
        return
    called = f"{markdown.escape(newest.name)} v{newest.version}"
    if start.same(recipe, newest.recipe):
        st.caption(_("A receita é a de {version}; mude o que quiser.").format(version=called))
        return
    st.button(
        _("Usar a receita de {version}").format(version=called),
        key="finetuning_take",
        type="tertiary",
        icon=":material/restart_alt:",
        help=_(
            "A receita abaixo é outra que a da versão mais nova desse nome. Isto preenche tudo "
            "como nela, instruções do sistema também."
        ),
        on_click=start.take,
        args=(newest,),
    )


def _filters() -> Filters:
    pattern = formats.day_pattern()
    first_column, last_column = st.columns(2)
    first = first_column.date_input(
        _("De"), None, *ANY_DAY, format=pattern, key="finetuning_since", persist_state="session"
    )
    last = last_column.date_input(
        _("Até"), None, *ANY_DAY, format=pattern, key="finetuning_until", persist_state="session"
    )
    channel_column, topic_column = st.columns(2)
    channels = channel_column.multiselect(
        _("Canais"),
        _with_chosen(conversations.values_of("channel"), "finetuning_channels"),
        placeholder=_("todos"),
        key="finetuning_channels",
        persist_state="session",
    )
    topics = topic_column.multiselect(
        _("Temas"),
        _with_chosen(
            conversations.values_of("topic") or conversations.values_of("subject"),
            "finetuning_topics",
        ),
        placeholder=_("todos"),
        key="finetuning_topics",
        persist_state="session",
    )
    ended_column, stars_column = st.columns(2, vertical_alignment="bottom")
    stars = stars_column.number_input(
        _("Estrelas, no mínimo"),
        1.0,
        5.0,
        step=0.5,
        format="%.1f",
        key="finetuning_stars",
        help=_("Ou aprovada por um revisor. A média do cliente; 👍 conta 5 e 👎 conta 1."),
        persist_state="session",
    )
    ended = ended_column.toggle(
        _("Só completas"),
        key="finetuning_ended",
        help=_(
            "Deixa de fora as abertas e as abandonadas, menos as que um revisor aprovou: quem "
            "aprovou leu como ela terminou."
        ),
        persist_state="session",
    )
    since, until = days.between(first, last)
    return Filters(
        since=since,
        until=until,
        channels=tuple(channels),
        topics=tuple(topics),
        ended=ended,
        minimum_stars=float(stars or 4),
    )


def _with_chosen(values: list[str], key: str) -> list[str]:
    """Return the values to choose from, with what a recipe names and no conversation has now."""
    chosen = st.session_state.get(key) or []
    return [*values, *(one for one in chosen if one not in values)]


def _extent(prompt: str) -> Recipe:
    cap_column, tokens_column = st.columns(2)
    cap = cap_column.number_input(
        _("Máximo por tema"),
        1,
        None,
        None,
        key="finetuning_cap",
        placeholder=_("sem limite"),
        help=_("Equilibra os temas: do que passar, fica uma amostra sorteada, sempre a mesma."),
        persist_state="session",
    )
    most = tokens_column.number_input(
        _("Tokens por exemplo"),
        100,
        10_000_000,
        key="finetuning_tokens",
        help=_("O limite do modelo que será treinado. Conversas maiores ficam de fora."),
        persist_state="session",
    )
    with st.expander(_("Opções avançadas"), icon=":material/tune:"):
        seed, similarity = _advanced()
    return Recipe(
        system_prompt=prompt.strip(),
        per_topic=cap,
        seed=seed,
        max_tokens=int(most or Recipe.max_tokens),
        similarity=similarity,
    )


def _advanced() -> tuple[int, float]:
    """Return what decides the sides, and from when on conversations count as repeated."""
    seed_column, similarity_column = st.columns(2)
    seed = seed_column.number_input(
        _("Semente da divisão"),
        0,
        2**31,
        key="finetuning_seed",
        help=_(
            "Decide quem fica no treino e quem fica no teste. Mantenha a mesma de versão em "
            "versão, para que ninguém do treino apareça no teste."
        ),
        persist_state="session",
    )
    similarity = similarity_column.number_input(
        _("Semelhança das repetidas"),
        LEAST_SIMILARITY,
        1.0,
        step=0.05,
        format="%.2f",
        key="finetuning_similarity",
        help=_(
            "De duas conversas com tanto em comum, só a primeira fica. 1 tira só as iguais; quanto "
            "menor, mais saem. O validador usa o mesmo valor."
        ),
        persist_state="session",
    )
    return int(seed or 0), float(similarity or Recipe.similarity)


def _passing(stored: int, recipe: Recipe) -> bool:
    """Draw how many pass each filter; returns whether any may be left."""
    st.markdown("##### :material/filter_alt: " + _("O que passa nos filtros"))
    counts = finetuning_counts.current(stored, key="finetuning_build_survey")
    if counts is None:
        return True  # not counted: the build itself will say
    passed = counts.by_filter.passing(recipe.filters)
    _table(passed, recipe)
    finetuning_counts.age(counts, stored, key="finetuning_build_survey")
    if not passed.kept:
        worst = max(passed.counts, key=lambda step: passed.counts[step])
        (said,) = recipe.losses({worst: passed.counts[worst]})
        st.warning(
            _("Nenhuma conversa passa nestes filtros. O que mais tira: {worst}.").format(
                worst=markdown.said(said)
            ),
            icon=":material/filter_alt_off:",
        )
    elif passed.kept < finetuning.MINIMUM_EXAMPLES:
        st.info(
            _(
                "São poucas: o validador pede {least} exemplos. Dá para montar e olhar, mas ainda "
                "não para treinar."
            ).format(least=finetuning.MINIMUM_EXAMPLES),
            icon=":material/info:",
        )
    if not counts.by_filter.approved():
        empty.none_approved(rated=counts.by_filter.rated())
    return bool(passed.kept)


def _table(passed: Passed, recipe: Recipe) -> None:
    rows = [(_("conversas guardadas"), None, passed.examined)]
    left = passed.examined
    for said in recipe.losses(passed.counts, passed.approved):
        count = said.params["count"]
        left -= count
        step = translate(said.params["what"])
        if approved := said.params.get("approved"):
            step += ", " + words.approved_of_them(approved)
        rows.append((step, -count, left))
    st.dataframe(
        pd.DataFrame(rows, columns=["step", "lost", "left"]),
        hide_index=True,
        height="content",
        key="finetuning_passing",
        placeholder="",
        alt=_("Quantas conversas cada filtro deixa de fora, e quantas restam"),
        column_config={
            "step": table.text(_("Filtro"), "large"),
            "lost": table.count(_("Saem"), 80),
            "left": st.column_config.ProgressColumn(
                _("Restam"), format="localized", min_value=0, max_value=passed.examined, width=200
            ),
        },
    )
    kept = ngettext("**{count}** conversa passa", "**{count}** conversas passam", passed.kept)
    share = formats.percent(passed.kept / passed.examined if passed.examined else None)
    st.markdown(f"{kept} ({share}).")
