"""Choosing what to compare: table, target, task, metric, and the options of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from src import datasets, features, training
from src.config import get_settings
from src.dashboard import formats, markdown
from src.dashboard.i18n import _, language, ngettext, translate
from src.dashboard.training import words
from src.errors import BancadaError
from src.messages import Message

SHOWN_WARNINGS = 4
AUTOMATIC = "auto"

Apart = tuple[str | None, str | None, str | None]
_APART = ("group", "order", "reference")
"""Columns that stand apart: what rows are split by, and the score in use."""


@dataclass(frozen=True)
class Setup:
    """What the person has chosen."""

    dataset: datasets.Dataset
    target: str
    task: training.Task
    metric: str
    folds: int
    n_select: int
    turbo: bool
    seed: int
    tune_trials: int
    ignored_columns: tuple[str, ...]
    group: str | None
    order: str | None
    reference: str | None

    def start(self, *, actor: str) -> str:
        """Queue the comparison and return its identifier."""
        return training.start_comparison(
            self.dataset.name,
            self.target,
            task=self.task,
            metric=self.metric,
            folds=self.folds,
            n_select=self.n_select,
            turbo=self.turbo,
            seed=self.seed,
            tune_trials=self.tune_trials,
            ignored_columns=self.ignored_columns,
            group=self.group,
            order=self.order,
            reference=self.reference,
            actor=actor,
        )


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
    known = opened is not None and opened.dataset in names
    first = names.index(opened.dataset) if opened is not None and known else 0
    places = st.columns([3, 3, 4, 2])
    name = places[0].selectbox(_("Tabela"), names, index=first, key="tabela", bind="query-params")
    table = tables[names.index(name)]
    columns = [column.name for column in table.columns]
    likely = len(columns) - 1  # by custom the target is the last column
    if opened is not None and opened.dataset == name and opened.target in columns:
        likely = columns.index(opened.target)
    if st.session_state.get("alvo") not in columns:  # another screen left the choice open
        st.session_state.pop("alvo", None)
    target = places[1].selectbox(
        _("Alvo (o que prever)"),
        columns,
        index=likely,
        key="alvo",
        bind="query-params",
    )
    ignored = st.session_state.get(_ignored_key(table), [])
    apart = _apart(table, target)
    with st.spinner(_("Conferindo a tabela…")):
        detected = _check(name, table.fingerprint, target, None, (), apart)
        task = _choose_task(places[2], table, target, detected.task)
        check = (
            detected
            if task is None or (task is detected.task and not ignored)
            else _check(name, table.fingerprint, target, task, tuple(ignored), apart)
        )
    task = task or training.Task.BINARY
    metrics = [metric.name for metric in training.METRICS[task]]
    metric = places[3].selectbox(
        _("Métrica"),
        metrics,
        index=metrics.index(training.DEFAULT_METRICS[task]),
        key=f"training_metric_{task}",
        help=_metric_help(task),
        persist_state="page",
    )
    if apart[0] is not None or apart[1] is not None:
        st.caption(":material/timeline: " + _how_split(apart))
    options = _options(table, target)
    _show_check(check, table, target)
    if check.error is not None:
        return None
    return Setup(dataset=table, target=target, task=task, metric=metric, **options)


def _choose_task(
    place: st.delta_generator.DeltaGenerator,
    table: datasets.Dataset,
    target: str,
    detected: training.Task | None,
) -> training.Task | None:
    def named(option: str) -> str:
        if option != AUTOMATIC:
            return words.short_task(training.Task(option)).capitalize()
        if detected is None:
            return _("Automática")
        return _("Automática: {task}").format(task=words.short_task(detected))

    choice = place.selectbox(
        _("Tarefa"),
        [AUTOMATIC, *training.Task],
        format_func=named,
        key=f"training_task_{table.name}_{target}",
        persist_state="page",
    )
    return detected if choice == AUTOMATIC else training.Task(choice)


def _options(table: datasets.Dataset, target: str) -> dict:  # type: ignore[type-arg]
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
            [column.name for column in table.columns if column.name != target],
            key=_ignored_key(table),
            placeholder=_("nenhuma"),
            persist_state="page",
        )
        _choose_apart(table, target)
        turbo = st.toggle(
            _("Turbo: pular os candidatos demorados"),
            value=True,
            key="training_turbo",
            persist_state="page",
        )
        st.caption(
            _(
                "Cada candidato tem no máximo {limit}; o que passar disso aparece como falha."
            ).format(limit=formats.duration(get_settings().candidate_seconds, language()))
        )
    return {
        "folds": int(folds),
        "n_select": int(n_select),
        "turbo": turbo,
        "seed": int(seed),
        "tune_trials": int(trials),
        "ignored_columns": tuple(ignored),
        **dict(zip(_APART, _apart(table, target), strict=True)),
    }


def _proposed(table: datasets.Dataset, target: str) -> Apart:
    """Return what a table that was built from events says of itself; others say nothing."""
    made_from = features.origin(table)
    if made_from is None or target != made_from.kind.value:
        return (None, None, None)
    return (made_from.group, made_from.order, made_from.reference)


def _apart(table: datasets.Dataset, target: str) -> Apart:
    """Return the columns that split the rows and the score to compare with, as they are chosen."""
    proposed = _proposed(table, target)
    return tuple(  # type: ignore[return-value]
        st.session_state.get(_apart_key(table, target, name), column) or None
        for name, column in zip(_APART, proposed, strict=True)
    )


def _choose_apart(table: datasets.Dataset, target: str) -> None:
    """Draw which columns split the rows, and which score the models are compared with."""
    numbers = ("integer", "number")
    kinds = {"group": None, "order": (*numbers, "datetime"), "reference": numbers}
    labels = {
        "group": (
            _("Separar por grupo"),
            _("Linhas do mesmo grupo, como uma sessão, ficam juntas no treino ou no teste."),
        ),
        "order": (
            _("Separar no tempo"),
            _("Treina no que veio antes e testa no que veio depois."),
        ),
        "reference": (
            _("Comparar com a nota"),
            _("Uma nota já em uso, com que medir os melhores; continua entre as colunas."),
        ),
    }
    places = st.columns(3)
    for place, name, proposed in zip(places, _APART, _proposed(table, target), strict=True):
        allowed = kinds[name]
        # None of them is an option of its own: a choice that starts with a value cannot be cleared.
        options = [""] + [
            column.name
            for column in table.columns
            if column.name != target and (allowed is None or column.kind in allowed)
        ]
        place.selectbox(
            labels[name][0],
            options,
            index=options.index(proposed) if proposed in options else 0,
            format_func=lambda name: name or _("nenhuma"),
            help=labels[name][1],
            key=_apart_key(table, target, name),
            persist_state="page",
        )


def _how_split(apart: Apart) -> str:
    group, _order, reference = apart
    said = (
        _("As linhas são separadas por {group} e no tempo: teste com os 30 % mais recentes.")
        if group is not None
        else _("As linhas são separadas no tempo: teste com os 30 % mais recentes.")
    ).format(group=markdown.escape(str(group)))
    if reference is not None:
        said += " " + _("Os melhores são comparados com {reference}.").format(
            reference=markdown.escape(reference)
        )
    return said


def _apart_key(table: datasets.Dataset, target: str, name: str) -> str:
    return f"training_{name}_{table.name}_{target}"


def _show_check(check: Check, table: datasets.Dataset, target: str) -> None:
    """Say what speaks against training, with the doubtful columns one click from being left out."""
    if check.error is not None:
        st.error(markdown.said(check.error), icon=":material/error:")
        return
    if not check.warnings:
        return
    texts = [f"- {translate(warning)}" for warning in check.warnings]
    with st.container(gap="xsmall", key="training_warnings"):
        st.warning("\n".join(texts[:SHOWN_WARNINGS]), icon=":material/warning:")
        if len(texts) > SHOWN_WARNINGS:
            more = len(texts) - SHOWN_WARNINGS
            with st.expander(
                ngettext("Mais {count} aviso", "Mais {count} avisos", more).format(count=more)
            ):
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


def _metric_help(task: training.Task) -> str:
    return "\n".join(
        f"- **{metric.name}**: {_(metric.description)}" for metric in training.METRICS[task]
    )


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
    target: str,
    task: training.Task | None,
    ignored: tuple[str, ...],
    apart: Apart,
) -> Check:
    kept = {target, *apart}
    data = datasets.load(name).drop(columns=[column for column in ignored if column not in kept])
    group, order, reference = apart
    try:
        task = task or training.detect_task(data[target])
        warnings = [
            *training.check_table(
                data, target, task, group=group, order=order, reference=reference
            ),
            *_not_left_out(datasets.profile(name, target).warnings, data),
        ]
    except BancadaError as error:
        return Check(task, error=error.message)
    known = {*ignored, *apart[:2]} - {None}  # most warnings name no column
    distinct = {
        str(warning): warning for warning in warnings if warning.params.get("column") not in known
    }
    return Check(task, warnings=tuple(distinct.values()))
