"""Conversations come in: a file is looked at, a person confirms how to read it, it is imported."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from src import conversations, jobs
from src.config import get_settings
from src.conversations import Imported
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.i18n import _, ngettext, translate
from src.dashboard.parts import feedback, review_tabs, table
from src.dashboard.parts.own_job import OwnJob
from src.dashboard.parts.upload import Upload
from src.dashboard.review import criteria
from src.dashboard.review import mapping as review_mapping

FORMS = ("jsonl", "json", "csv", "gz", "zip")
_JOB, _UPLOAD = OwnJob("conversations_job"), Upload("conversations_file")


def invite() -> None:
    """Draw the empty state: what will be here, and the way to fill it."""
    ui.empty(
        _("Nenhuma conversa ainda"),
        _(
            "Importe as conversas do assistente com os clientes: um arquivo JSONL, JSON ou CSV, "
            "como o site ou a plataforma de atendimento exporta, ou o banco de dados do "
            "assistente. Depois disso há o que ler aqui."
        ),
        icon=":material/forum:",
    )
    st.button(
        _("Importar conversas"),
        key="review_to_import",
        type="primary",
        icon=":material/upload_file:",
        on_click=review_tabs.show,
        args=(review_tabs.IMPORT,),
    )


def draw() -> None:
    """Draw the imports that run, how the last one ended, and the two ways in."""
    imports = jobs.in_progress("conversations.import", "conversations.import_database")
    running = ui.watch_all(imports, key="conversations")
    job = _JOB.outcome(
        _("Importação cancelada. O que já tinha entrado fica; importar de novo traz o resto.")
    )
    if job is not None:
        _result(Imported.from_dict(job.result or {}))
    file, database = st.columns([2, 1], gap="large")
    with file:
        st.markdown("##### :material/upload_file: " + _("De um arquivo"))
        chosen = _chosen_file()
    with database:
        _database(running)
    if chosen is not None and not running:
        _mapping(*chosen)
    else:
        feedback.draw("conversations")


def _chosen_file() -> tuple[Path, str] | None:
    chosen = _UPLOAD.receive(_("Arquivo JSONL, JSON ou CSV"), FORMS)
    if not _UPLOAD.exists:
        st.caption(
            _("Antes de importar, você vê como o arquivo foi entendido. Duas vezes conta uma vez.")
        )
    return chosen


def _mapping(path: Path, name: str) -> None:
    with ui.errors():
        mapping = review_mapping.choose(path, name)
        if st.button(
            _("Importar"),
            key="conversations_import",
            type="primary",
            icon=":material/download_done:",
            disabled=mapping is None,
        ):
            assert mapping is not None  # the button is off otherwise
            _JOB.remember(
                conversations.start_import(path, mapping, actor=shell.actor(), source_name=name)
            )
            _UPLOAD.clear()
            st.rerun()


def _database(running: bool) -> None:
    st.markdown("##### :material/database: " + _("Do banco do assistente"))
    if get_settings().conversations_url is None:
        st.markdown(
            _(
                "Nenhum banco está configurado. Quem cuida da instalação define "
                "`BANCADA_CONVERSATIONS_URL` com o endereço de um PostgreSQL que tenha as tabelas "
                "`customers`, `conversations` e `messages`, e reinicia."
            )
        )
        return
    st.markdown(
        _(
            "Traz as conversas novas desde a última vez, e das que já estão aqui as mensagens e a "
            "situação novas. O banco do assistente só é lido, nada muda nele."
        )
    )
    if st.button(
        _("Trazer conversas novas"),
        key="conversations_database",
        icon=":material/sync:",
        disabled=running,
    ):
        with ui.errors():
            _JOB.remember(conversations.start_database_import(actor=shell.actor()))
            st.rerun()


def _result(done: Imported) -> None:
    said = _("**nenhuma conversa nova**")
    if done.conversations:
        said = ngettext(
            "**{count} conversa nova**", "**{count} conversas novas**", done.conversations
        )
    rest = (
        (ngettext("{count} mensagem", "{count} mensagens", done.turns), done.turns),
        (
            ngettext("{count} já estava aqui", "{count} já estavam aqui", done.duplicates),
            done.duplicates,
        ),
        (ngettext("{count} atualizada", "{count} atualizadas", done.updated), done.updated),
        (ngettext("{count} avaliação", "{count} avaliações", done.feedback), done.feedback),
        (
            ngettext("{count} texto reparado", "{count} textos reparados", done.repaired),
            done.repaired,
        ),
        (
            ngettext(
                "{count} apagada antes, não volta",
                "{count} apagadas antes, não voltam",
                done.erased,
            ),
            done.erased,
        ),
        (ngettext("{count} não importada", "{count} não importadas", done.skipped), done.skipped),
        (
            ngettext(
                "{count} mensagem sem texto ficou de fora",
                "{count} mensagens sem texto ficaram de fora",
                done.empty_turns,
            ),
            done.empty_turns,
        ),
    )
    parts = [text for text, count in rest if count]
    draw_as = st.warning if done.skipped else st.success
    draw_as(" · ".join([said, *parts]), icon=":material/check_circle:")
    if done.unknown_roles:
        st.caption(
            _("Papéis que ninguém explicou, guardados como «outro»: {words}.").format(
                words=markdown.escape(", ".join(word or "?" for word in done.unknown_roles))
            )
        )
    for text, count in (
        (
            ngettext(
                "{count} data ou hora não foi entendida; a mensagem ficou sem ela.",
                "{count} datas ou horas não foram entendidas; as mensagens ficaram sem elas.",
                done.unread_times,
            ),
            done.unread_times,
        ),
        (
            ngettext(
                "{count} nota não foi entendida e não conta.",
                "{count} notas não foram entendidas e não contam.",
                done.unread_ratings,
            ),
            done.unread_ratings,
        ),
        (
            ngettext(
                "{count} mensagem repetia o código de outra na mesma conversa; entrou também.",
                "{count} mensagens repetiam o código de outra na mesma conversa; entraram também.",
                done.repeated_ids,
            ),
            done.repeated_ids,
        ),
    ):
        if count:
            st.caption(text)
    if done.reasons:
        _reasons(done)
    with st.container(horizontal=True):
        criteria.refresh_button(primary=bool(done.conversations or done.updated))
        st.button(
            _("Ver as conversas"),
            key="conversations_look",
            icon=":material/forum:",
            on_click=review_tabs.show,
            args=(review_tabs.BROWSE,),
        )


def _reasons(done: Imported) -> None:
    with st.expander(_("O que não entrou, e por quê"), expanded=True):
        table.draw(
            done.reasons,
            {
                "place": (lambda it: it.place, table.count(_("Linha"), 80)),
                "reason": (lambda it: translate(it.reason), table.text(_("Motivo"), "large")),
            },
            height="content" if len(done.reasons) <= 10 else 380,
            key="conversations_reasons",
        )
        if done.skipped > len(done.reasons):
            st.caption(
                _("Só os primeiros {count} são nomeados.").format(
                    count=formats.number(len(done.reasons))
                )
            )
