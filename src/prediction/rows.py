"""Rows against a model's schema: which columns match, which rows can be scored, what to warn of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from src.errors import PredictionError
from src.messages import N_, Message
from src.prediction import values
from src.prediction.model import CheckedRows, ColumnMatch
from src.registry import Field

SHOWN_CHARACTERS = 60
"""A value is cut to so many characters inside a message."""


def match_columns(schema: Sequence[Field], columns: Iterable[Any]) -> ColumnMatch:
    """Match columns to fields: by exact name, then leaving aside case and outer spaces.

    Examples
    --------
    >>> match_columns((Field("lux", "number"),), ["Lux ", "hora"]).found
    {'lux': 'Lux '}
    """
    names = [str(column) for column in columns]
    wanted = {item.name for item in schema}
    free = [name for name in names if name not in wanted]
    relaxed: dict[str, list[str]] = {}
    for name in free:
        relaxed.setdefault(_relax(name), []).append(name)
    found = {}
    for item in schema:
        candidates = relaxed.get(_relax(item.name), [])
        if item.name in names:
            found[item.name] = item.name
        elif len(candidates) == 1:
            found[item.name] = candidates.pop()
    return ColumnMatch(
        found,
        tuple(item.name for item in schema if item.name not in found),
        tuple(name for name in names if name not in found.values()),
    )


def check_table(
    schema: Sequence[Field], table: pd.DataFrame, sample: Mapping[str, Any] | None = None
) -> CheckedRows:
    """Make a table's columns into what a model expects, and set unusable rows apart.

    Parameters
    ----------
    schema : sequence of Field
        The columns the model was trained on.
    table : DataFrame, shape (n_rows, n_columns)
        Raw values: texts with a decimal comma, dates as text and the like are understood. Columns
        that the schema does not name are left aside.
    sample : mapping, optional
        One training row; it tells whether categories were numbers or truths in training.

    Raises
    ------
    PredictionError
        If there is no row, two columns have one name, or a column is missing.
    """
    if not len(table):
        raise PredictionError(
            N_("Não há nenhuma linha para prever. Envie ao menos uma linha com valores.")
        )
    columns = [str(column) for column in table.columns]
    repeated = sorted(name for name, times in Counter(columns).items() if times > 1)
    if repeated:
        raise PredictionError(
            N_("Há mais de uma coluna com o mesmo nome: {columns}. Deixe só uma de cada."),
            columns=_listed(repeated),
        )
    match = match_columns(schema, columns)
    if match.missing:
        raise PredictionError(
            N_(
                "Faltam colunas que o modelo espera: {columns}. Confira os nomes no cabeçalho; "
                "nada foi calculado."
            ),
            columns=_listed(match.missing),
        )
    table = table.set_axis(columns, axis="columns").set_axis(range(len(table)), axis="index")
    checked = CheckedRows(pd.DataFrame(index=table.index))
    usable = {}
    for item in schema:
        raw = table[match.found[item.name]]
        usable[item.name] = _check_column(item, raw, (sample or {}).get(item.name), checked)
    kept = table.index.difference(list(checked.rejected))
    checked.frame = pd.DataFrame(
        {item.name: _settle(item, usable[item.name].loc[kept]) for item in schema}, index=kept
    )
    checked.warnings = {
        row: found for row, found in checked.warnings.items() if row not in checked.rejected
    }
    return checked


def _check_column(item: Field, raw: pd.Series, example: Any, checked: CheckedRows) -> pd.Series:
    """Return the column in its field's kind; note unusable and unusual values by row."""
    if item.kind == "text" or item.kind == "category":
        return _check_texts(item, raw, example, checked)
    absent = values.missing(raw)
    if not item.nullable:
        _note_required(checked, absent, item)
    if item.kind == "boolean":
        truths = values.to_booleans(raw).where(~absent, None)
        unread = truths.isna() & ~absent
        template = N_("{column}: «{value}» não é sim nem não.")
        _note_values(checked.rejected, raw, unread, template, item)
        return truths.astype("float64") if _is_number(example) else truths
    if item.kind == "datetime":
        moments = values.to_moments(raw).where(~absent)
        template = N_(
            "{column}: «{value}» não é uma data. Escreva como 21/11/2026 14:03 ou 2026-11-21."
        )
        _note_values(checked.rejected, raw, moments.isna() & ~absent, template, item)
        _check_range(item, moments, _as_moment(item.minimum), _as_moment(item.maximum), checked)
        return moments
    numbers = values.to_numbers(raw).where(~absent)
    unread = numbers.isna() & ~absent
    _note_values(checked.rejected, raw, unread, N_("{column}: «{value}» não é um número."), item)
    infinite = np.isinf(numbers)
    template = N_("{column}: o valor é infinito; o modelo só aceita números.")
    _note(checked.rejected, infinite, Message(template, {"column": item.name}))
    if item.kind == "integer":
        broken = numbers.notna() & ~infinite & (numbers != numbers.round())
        template = N_("{column}: {value} tem casas decimais; no treino só havia inteiros.")
        _note_values(checked.warnings, numbers, broken, template, item)
    _check_range(item, numbers, item.minimum, item.maximum, checked)
    return numbers


def _check_texts(item: Field, raw: pd.Series, example: Any, checked: CheckedRows) -> pd.Series:
    texts = values.to_texts(raw)
    known = set(item.categories or ())
    if item.kind == "category":
        texts = texts.map(lambda value: _tidy(value, known))
    if not item.nullable:
        _note_required(checked, texts.isna(), item)
    if item.kind == "category" and known:
        template = N_("{column}: «{value}» não apareceu no treino.")
        unknown = texts.notna() & ~texts.isin(known)
        _note_values(checked.warnings, texts, unknown, template, item)
    if isinstance(example, bool):
        return values.to_booleans(texts).where(texts.notna(), None)
    return values.to_numbers(texts) if _is_number(example) else texts


def _tidy(value: str | None, known: set[str]) -> str | None:
    """Drop outer spaces and words for "missing", unless the schema knows the value as it is."""
    if value is None or value in known:
        return value
    value = value.strip()
    if value in known:
        return value
    return None if value.casefold() in values.MISSING_WORDS else value


def _check_range(
    item: Field, column: pd.Series, minimum: Any, maximum: Any, checked: CheckedRows
) -> None:
    below = N_(
        "{column}: {value} está abaixo do menor valor visto no treino ({limit}); a previsão é "
        "uma extrapolação."
    )
    above = N_(
        "{column}: {value} está acima do maior valor visto no treino ({limit}); a previsão é "
        "uma extrapolação."
    )
    for limit, is_beyond, template in ((minimum, column.lt, below), (maximum, column.gt, above)):
        if limit is not None:
            where = is_beyond(limit)
            _note_values(checked.warnings, column, where, template, item, limit=_plain(limit))


def _note(notes: dict[int, list[Message]], where: pd.Series, message: Message) -> None:
    for row in where.index[where.to_numpy(dtype=bool)]:
        notes.setdefault(row, []).append(message)


def _note_required(checked: CheckedRows, absent: pd.Series, item: Field) -> None:
    template = N_("{column}: falta o valor, e no treino esta coluna estava sempre preenchida.")
    _note(checked.rejected, absent, Message(template, {"column": item.name}))


def _note_values(
    notes: dict[int, list[Message]],
    column: pd.Series,
    where: pd.Series,
    template: str,
    item: Field,
    **params: Any,
) -> None:
    for row, value in column[where.to_numpy(dtype=bool)].items():
        message = Message(template, {"column": item.name, "value": _plain(value), **params})
        notes.setdefault(int(str(row)), []).append(message)


def _settle(item: Field, column: pd.Series) -> pd.Series:
    """Give the column the type that pandas itself infers, as the training table had it."""
    if item.kind == "integer":
        return values.to_integers(column)
    if column.dtype != object or column.empty:
        return column
    return pd.Series(column.tolist(), index=column.index)


def _plain(value: Any) -> str | int | float:
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ")
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    text = str(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def _as_moment(value: Any) -> pd.Timestamp | None:
    """Read a limit of a date field: ISO text, a date, or seconds since 1970."""
    if value is None or value != value:
        return None
    moment = pd.Timestamp(value, unit="s") if _is_number(value) else pd.Timestamp(value)
    return moment.tz_convert("UTC").tz_localize(None) if moment.tz else moment


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _relax(name: str) -> str:
    return name.strip().casefold()


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(str(name)[:SHOWN_CHARACTERS] for name in names[:10])
    return shown + (f" (+{len(names) - 10})" if len(names) > 10 else "")
