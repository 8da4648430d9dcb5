"""An examination: the verdict in a sentence, each check, and every example that offends one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from src.dashboard import formats, markdown
from src.dashboard.i18n import _, ngettext, translate
from src.dashboard.parts import downloads
from src.finetuning import Offence, Report

SHOWN = 1_000
"""Offending examples in the table; the file to download has all."""


def verdict(report: Report) -> None:
    """Say in a sentence whether the set may be trained on."""
    wrong = [check for check in report.checks if check.result == "error"]
    doubtful = [check for check in report.checks if check.result == "warning"]
    if wrong:
        names = ", ".join(translate(check.title).lower() for check in wrong)
        st.error(
            _("Não treine com este conjunto ainda: {checks}.").format(checks=names),
            icon=":material/error:",
        )
    elif doubtful:
        names = ", ".join(translate(check.title).lower() for check in doubtful)
        st.warning(
            _("Dá para treinar, mas olhe antes: {checks}.").format(checks=names),
            icon=":material/warning:",
        )
    else:
        st.success(_("Tudo em ordem para treinar."), icon=":material/check_circle:")


def checks(report: Report, *, key: str) -> None:
    """Draw one row a check, those with something to say first."""
    order = {"error": 0, "warning": 1, "ok": 2}
    found = sorted(report.checks, key=lambda check: order[check.result])
    # Not within the f-strings: the strings to translate are not found there.
    ok, warning, error = _("em ordem"), _("atenção"), _("erro")
    words = {
        "ok": f":green[✓ {ok}]",
        "warning": f":orange[⚠ {warning}]",
        "error": f":red[✕ {error}]",
    }
    with st.container(key=f"{key}_checks"):
        st.table(
            pd.DataFrame(
                {
                    _("Resultado"): [words[check.result] for check in found],
                    _("O que se confere"): [markdown.said(check.title) for check in found],
                    _("O que foi medido"): [markdown.said(check.measured) for check in found],
                }
            ),
            border="horizontal",
            hide_index=True,
        )


def offences(report: Report, *, key: str) -> Offence | None:
    """Draw the offending examples with search and download; returns the one that is marked."""
    if not report.offences:
        st.caption(_("Nenhuma conversa a apontar."))
        return None
    titles = {check.id: translate(check.title) for check in report.checks}
    words, kind = st.columns([2, 1])
    text = words.text_input(
        _("Procurar"),
        key=f"{key}_text",
        placeholder=_("conversa, arquivo ou motivo"),
        icon=":material/search:",
    )
    present = list(dict.fromkeys(one.check for one in report.offences))
    only = kind.selectbox(
        _("Verificação"),
        present,
        index=None,
        format_func=lambda name: titles.get(name, name),
        placeholder=_("todas"),
        key=f"{key}_check",
    )
    found = [
        one
        for one in report.offences
        if (only is None or one.check == only) and _holds(one, text.casefold().split())
    ]
    frame = _frame(found[:SHOWN], titles)
    event: Any = st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 8 else 320,
        key=f"{key}_offences_{len(found)}_{only}",
        on_select="rerun",
        selection_mode="single-row",
        placeholder=formats.MISSING,
        column_config={
            "check": st.column_config.TextColumn(_("Verificação"), width=210),
            "reason": st.column_config.TextColumn(_("Motivo"), width="large"),
            "file": st.column_config.TextColumn(_("Arquivo"), width=130),
            "line": st.column_config.NumberColumn(_("Linha"), format="localized", width=70),
            "conversation": st.column_config.TextColumn(_("Conversa"), width=280),
        },
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_count(len(found), len(report.offences)), width="content")
        downloads.button(
            _("Baixar a lista (CSV)"),
            lambda: _frame(found, titles).to_csv(index=False).encode("utf-8-sig"),
            "apontamentos.csv",
            key=f"{key}_offences_csv",
            type="tertiary",
        )
    rows = event.selection.rows
    return found[rows[0]] if rows and rows[0] < len(found) else None


def _holds(one: Offence, words: list[str]) -> bool:
    if not words:
        return True
    said = f"{one.conversation or ''} {one.file} {one.line} {translate(one.reason)}".casefold()
    return all(word in said for word in words)


def _frame(found: list[Offence], titles: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "check": [titles.get(one.check, one.check) for one in found],
            "reason": [translate(one.reason) for one in found],
            "file": [one.file for one in found],
            "line": [one.line for one in found],
            "conversation": [one.conversation for one in found],
        }
    )


def _count(found: int, total: int) -> str:
    said = ngettext("{count} apontamento", "{count} apontamentos", found)
    if found != total:
        said = _("{count} de {total}").format(count=said, total=formats.number(total))
    if found > SHOWN:
        said += " " + _("(os primeiros {shown} na tabela)").format(shown=formats.number(SHOWN))
    return said


def lengths(report: Report, *, key: str) -> None:
    """Draw examples, turns and tokens of each file."""
    figures = report.figures
    rows = []
    for file, examples in figures["examples"].items():
        tokens, turns = figures["tokens"][file], figures["turns"][file]
        rows.append(
            {
                "file": file,
                "examples": examples,
                "turns": turns.get("median"),
                "median": tokens.get("median"),
                "p95": tokens.get("p95"),
                "most": tokens.get("most"),
                "total": tokens.get("total"),
            }
        )
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        key=f"{key}_lengths",
        placeholder=formats.MISSING,
        column_config={
            "file": st.column_config.TextColumn(_("Arquivo"), width=140),
            "examples": number(_("Exemplos"), format="localized", width=78),
            "turns": number(_("Falas (mediana)"), format="localized", width=108),
            "median": number(_("Tokens (mediana)"), format="localized", width=118),
            "p95": number(_("Tokens (95 %)"), format="localized", width=100),
            "most": number(_("Tokens (máximo)"), format="localized", width=112),
            "total": number(_("Tokens ao todo"), format="localized", width=120),
        },
    )
