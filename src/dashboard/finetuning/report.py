"""An examination: the verdict in a sentence, each check, and every example that offends one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from src.dashboard import formats, markdown
from src.dashboard.i18n import _, ngettext, translate
from src.dashboard.parts import downloads, table
from src.finetuning import Offence, Report

SHOWN = 1_000
"""Offending examples in the table; the file to download has all."""


def verdict(report: Report) -> None:
    """Say in a sentence whether the set may be trained on."""

    def titles(result: str) -> str:
        return ", ".join(
            translate(check.title).lower() for check in report.checks if check.result == result
        )

    if wrong := titles("error"):
        st.error(
            _("Não treine com este conjunto ainda: {checks}.").format(checks=wrong),
            icon=":material/error:",
        )
    elif doubtful := titles("warning"):
        st.warning(
            _("Dá para treinar, mas olhe antes: {checks}.").format(checks=doubtful),
            icon=":material/warning:",
        )
    else:
        st.success(_("Tudo em ordem para treinar."), icon=":material/check_circle:")


def checks(report: Report, *, key: str) -> None:
    """Draw one row a check, those with something to say first."""
    words = {
        "error": ":red[✕ " + _("erro") + "]",
        "warning": ":orange[⚠ " + _("atenção") + "]",
        "ok": ":green[✓ " + _("em ordem") + "]",
    }
    found = sorted(report.checks, key=lambda check: list(words).index(check.result))
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
    columns: table.Columns[Offence] = {
        "check": (lambda one: titles.get(one.check, one.check), table.text(_("Verificação"), 210)),
        "reason": (lambda one: translate(one.reason), table.text(_("Motivo"), "large")),
        "file": (lambda one: one.file, table.text(_("Arquivo"), 130)),
        "line": (lambda one: one.line, table.count(_("Linha"), 70)),
        "conversation": (lambda one: one.conversation, table.text(_("Conversa"), 280)),
    }
    event = table.draw(
        found[:SHOWN],
        columns,
        height="content" if len(found) <= 8 else 320,
        key=f"{key}_offences_{len(found)}_{only}",
        on_select="rerun",
        selection_mode="single-row",
        placeholder=formats.MISSING,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_count(len(found), len(report.offences)), width="content")
        downloads.button(
            _("Baixar a lista (CSV)"),
            lambda: table.frame(found, columns).to_csv(index=False).encode("utf-8-sig"),
            "apontamentos.csv",
            key=f"{key}_offences_csv",
            type="tertiary",
        )
    rows = event.selection.rows
    return found[rows[0]] if rows and rows[0] < len(found) else None


def _holds(one: Offence, words: list[str]) -> bool:
    said = f"{one.conversation or ''} {one.file} {one.line} {translate(one.reason)}".casefold()
    return all(word in said for word in words)


def _count(found: int, total: int) -> str:
    said = ngettext("{count} apontamento", "{count} apontamentos", found)
    if found != total:
        said = _("{count} de {total}").format(count=said, total=formats.number(total))
    if found > SHOWN:
        said += " " + _("(os primeiros {shown} na tabela)").format(shown=formats.number(SHOWN))
    return said


def lengths(report: Report, *, key: str) -> None:
    """Draw examples, turns and tokens of each file."""
    tokens, turns = report.figures["tokens"], report.figures["turns"]
    table.draw(
        list(report.figures["examples"].items()),
        {
            "file": (lambda row: row[0], table.text(_("Arquivo"), 140)),
            "examples": (lambda row: row[1], table.count(_("Exemplos"), 78)),
            "turns": (
                lambda row: turns[row[0]].get("median"),
                table.count(_("Falas (mediana)"), 108),
            ),
            "median": (
                lambda row: tokens[row[0]].get("median"),
                table.count(_("Tokens (mediana)"), 118),
            ),
            "p95": (lambda row: tokens[row[0]].get("p95"), table.count(_("Tokens (95 %)"), 100)),
            "most": (
                lambda row: tokens[row[0]].get("most"),
                table.count(_("Tokens (máximo)"), 112),
            ),
            "total": (
                lambda row: tokens[row[0]].get("total"),
                table.count(_("Tokens ao todo"), 120),
            ),
        },
        height="content",
        key=f"{key}_lengths",
        placeholder=formats.MISSING,
    )
