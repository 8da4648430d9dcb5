"""Choosing what to compare: table, target, task, metric, and the options of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import streamlit as st

from src import datasets, features, training
from src.config import get_settings
from src.dashboard import formats, markdown
from src.dashboard.i18n import _, ngettext, translate
from src.dashboard.parts import tasks
from src.errors import BancadaError
from src.messages import Message

SHOWN_WARNINGS = 4
AUTOMATIC = "auto"


@dataclass(frozen=True)
class Setup:
    """What the person has chosen.

    Attributes
    ----------
    start : callable
        Queue the comparison for an ``actor`` and return its identifier.
    """

    dataset: datasets.Dataset
    start: Callable[..., str]


@dataclass(frozen=True)
class Check:
    """What is known of a table and a target before training."""

    task: training.Task | None
    warnings: tuple[Message, ...] = ()
    error: Message | None = None


def choose(
    tables: Sequence[datasets.Dataset], opened: training.ComparisonRecord | None
) -> Setup | None:
    """Draw the choices and what speaks against them; None when nothing can be trained.

    Parameters
    ----------
    tables : sequence of Dataset
        At least one.
    opened : ComparisonRecord or None
        The comparison on screen: its table and target are the first choice, so that a shared
        address of a comparison shows matching choices.
    """
    names = [table.name for table in tables]
    first = names.index(opened.dataset) if opened is not None and opened.dataset in names else 0
    places = st.columns([3, 3, 4, 2])
    name = places[0].selectbox(_("Tabela"), names, index=first, key="tabela", bind="query-params")
    table = tables[names.index(name)]
    columns = [column.name for column in table.columns]
    likely = len(columns) - 1  # by custom the target is the last column
    if opened is not None and opened.dataset == name and opened.target in columns:
        likely = columns.index(opened.target)
    if st.session_state.get("alvo", columns[likely]) not in columns:
        st.session_state["alvo"] = columns[likely]  # it was another table's, or left open elsewhere
    target = places[1].selectbox(
        _("Alvo (o que prever)"),
        columns,
        index=likely,
        key="alvo",
        bind="query-params",
    )
    design = _design(table, target)
    with st.spinner(_("Conferindo a tabela…")):
        check = _check(name, table.fingerprint, design)
        task = _choose_task(places[2], table, target, check.task)
        if task is not check.task:
            check = _check(name, table.fingerprint, replace(design, task=task))
    task = task or training.Task.BINARY
    metrics = [metric.name for metric in training.METRICS[task]]
    metric = places[3].selectbox(
        _("Métrica"),
        metrics,
        index=metrics.index(training.DEFAULT_METRICS[task]),
        key=f"training_metric_{task}",
        help="\n".join(
            f"- **{metric.name}**: {_(metric.description)}" for metric in training.METRICS[task]
        ),
        persist_state="page",
    )
    if design.is_in_time:
        st.caption(":material/timeline: " + _how_split(design))
    setup = _options(table, replace(design, task=task), metric)
    _show_check(check, table, target)
    return setup if check.error is None else None


def _choose_task(
    place: st.delta_generator.DeltaGenerator,
    table: datasets.Dataset,
    target: str,
    detected: training.Task | None,
) -> training.Task | None:
    def named(option: str) -> str:
        if option != AUTOMATIC:
            return tasks.short_name(training.Task(option)).capitalize()
        if detected is None:
            return _("Automática")
        return _("Automática: {task}").format(task=tasks.short_name(detected))

    choice = place.selectbox(
        _("Tarefa"),
        [AUTOMATIC, *training.Task],
        format_func=named,
        key=f"training_task_{table.name}_{target}",
        persist_state="page",
    )
    return detected if choice == AUTOMATIC else training.Task(choice)


def _options(table: datasets.Dataset, design: training.Design, metric: str) -> Setup:
    with st.expander(_("Opções avançadas"), icon=":material/tune:"):
        top = st.columns(4, vertical_alignment="bottom")
        folds = top[0].number_input(
            _("Dobras"), 2, 20, 5, key="training_folds", persist_state="page"
        )
        n_select = top[1].number_input(
            _("Modelos a selecionar"), 1, 10, 5, key="training_n_select", persist_state="page"
        )
        seed = top[2].number_input(
            _("Semente"), 0, 2**31 - 1, 42, key="training_seed", persist_state="page"
        )
        trials = top[3].number_input(
            _("Tentativas de ajuste"),
            0,
            200,
            0,
            key="training_trials",
            help=_(
                "Quantas combinações de parâmetros testar em cada um dos melhores. 0 não ajusta."
            ),
            persist_state="page",
        )
        ignored = st.multiselect(
            _("Colunas a deixar de fora"),
            [column.name for column in table.columns if column.name != design.target],
            key=_ignored_key(table),
            placeholder=_("nenhuma"),
            persist_state="page",
        )
        _choose_apart(table, design.target)
        turbo = st.toggle(
            _("Turbo: pular os candidatos demorados"),
            value=True,
            key="training_turbo",
            persist_state="page",
        )
        st.caption(
            _(
                "Cada candidato tem no máximo {limit}; o que passar disso aparece como falha."
            ).format(limit=formats.duration(get_settings().candidate_seconds))
        )
    start = partial(
        training.start_comparison,
        table.name,
        replace(design, folds=int(folds), ignored_columns=tuple(ignored)),
        metric=metric,
        n_select=int(n_select),
        turbo=turbo,
        seed=int(seed),
        tune_trials=int(trials),
    )
    return Setup(table, start)


def _proposed(table: datasets.Dataset, target: str) -> training.Design:
    """Return what a table that was built from events says of itself; others say nothing."""
    origin = features.origin(table)
    if origin is None or target != origin.kind.value:
        return training.Design(target)
    return training.Design(
        target, group=origin.group, order=origin.order, reference=origin.reference
    )


def _design(table: datasets.Dataset, target: str) -> training.Design:
    """Return the design as it is chosen by now, before its choices are drawn."""
    proposed = _proposed(table, target)

    def apart(name: str) -> str | None:
        key = _apart_key(table, target, name)
        return st.session_state.get(key, getattr(proposed, name)) or None

    return replace(
        proposed,
        ignored_columns=tuple(st.session_state.get(_ignored_key(table), ())),
        group=apart("group"),
        order=apart("order"),
        reference=apart("reference"),
    )


def _choose_apart(table: datasets.Dataset, target: str) -> None:
    """Draw which columns split the rows, and which score the models are compared with."""
    numbers = ("integer", "number")
    choices: dict[str, tuple[str, str, tuple[str, ...] | None]] = {
        "group": (
            _("Separar por grupo"),
            _("Linhas do mesmo grupo, como uma sessão, ficam juntas no treino ou no teste."),
            None,
        ),
        "order": (
            _("Separar no tempo"),
            _("Treina no que veio antes e testa no que veio depois."),
            (*numbers, "datetime"),
        ),
        "reference": (
            _("Comparar com a nota"),
            _("Uma nota já em uso, com que medir os melhores; continua entre as colunas."),
            numbers,
        ),
    }
    proposal = _proposed(table, target)
    for place, (name, (label, why, kinds)) in zip(st.columns(3), choices.items(), strict=True):
        # None of them is an option of its own: a choice that starts with a value cannot be cleared.
        options = [""] + [
            column.name
            for column in table.columns
            if column.name != target and (kinds is None or column.kind in kinds)
        ]
        proposed = getattr(proposal, name)
        place.selectbox(
            label,
            options,
            index=options.index(proposed) if proposed in options else 0,
            format_func=lambda name: name or _("nenhuma"),
            help=why,
            key=_apart_key(table, target, name),
            persist_state="page",
        )


def _how_split(design: training.Design) -> str:
    sentence = (
        _("As linhas são separadas por {group} e no tempo: teste com os 30 % mais recentes.")
        if design.group is not None
        else _("As linhas são separadas no tempo: teste com os 30 % mais recentes.")
    ).format(group=markdown.escape(str(design.group)))
    if design.reference is not None:
        sentence += " " + _("Os melhores são comparados com {reference}.").format(
            reference=markdown.escape(design.reference)
        )
    return sentence


def _apart_key(table: datasets.Dataset, target: str, name: str) -> str:
    return f"training_{name}_{table.name}_{target}"


def _show_check(check: Check, table: datasets.Dataset, target: str) -> None:
    """Say what speaks against training, with the doubtful columns one click from being left out."""
    if check.error is not None:
        st.error(markdown.said(check.error), icon=":material/error:")
    if not check.warnings:
        return
    texts = [f"- {translate(warning)}" for warning in check.warnings]
    with st.container(gap="xsmall", key="training_warnings"):
        st.warning("\n".join(texts[:SHOWN_WARNINGS]), icon=":material/warning:")
        if len(texts) > SHOWN_WARNINGS:
            more = len(texts) - SHOWN_WARNINGS
            with st.expander(ngettext("Mais {count} aviso", "Mais {count} avisos", more)):
                st.markdown("\n".join(texts[SHOWN_WARNINGS:]))
        doubtful = dict.fromkeys(warning.params.get("column") for warning in check.warnings)
        columns = [
            column.name
            for column in table.columns
            if column.name in doubtful and column.name != target
        ]
        if columns:
            with st.container(horizontal=True, gap="xsmall"):
                for column in columns[:SHOWN_WARNINGS]:
                    st.button(
                        _("Deixar {column} de fora").format(column=column),
                        key=f"training_leave_{column}",
                        icon=":material/remove:",
                        type="tertiary",
                        on_click=_leave_out,
                        args=(_ignored_key(table), column),
                    )


def _leave_out(key: str, column: str) -> None:
    st.session_state[key] = [*st.session_state.get(key, []), column]


def _ignored_key(table: datasets.Dataset) -> str:
    return f"training_ignored_{table.name}"


def _not_left_out(warnings: Iterable[Message], data: pd.DataFrame) -> list[Message]:
    """Drop what is said of columns with one value: the training leaves them out and says so."""
    constant = {name for name in data.columns if data[name].nunique(dropna=False) <= 1}
    return [warning for warning in warnings if warning.params.get("column") not in constant]


@st.cache_data(ttl=get_settings().cache_seconds or 1, max_entries=64, show_spinner=False)
def _check(
    name: str,
    fingerprint: str,  # part of the key: another import of the same name is another table
    design: training.Design,
) -> Check:
    data = datasets.load(name)
    task = design.task
    try:
        task = task or training.detect_task(data[design.target])
        warnings = [
            *training.check_table(data, replace(design, task=task)),
            *_not_left_out(datasets.profile(name, design.target).warnings, data),
        ]
    except BancadaError as error:
        return Check(task, error=error.message)
    # Most warnings name no column.
    apart = {*design.ignored_columns, design.group, design.order} - {None}
    distinct = {
        str(warning): warning for warning in warnings if warning.params.get("column") not in apart
    }
    return Check(task, warnings=tuple(distinct.values()))
