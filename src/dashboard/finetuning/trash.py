"""Deleting a version, and bringing deleted ones back."""

from __future__ import annotations

import streamlit as st

from src import finetuning
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.finetuning import listing
from src.dashboard.i18n import _, language, ngettext
from src.finetuning import DeletedSet, TrainingSet

KEPT_DAYS = 30
_DELETING = "finetuning_deleting"
_DELETED = "finetuning_deleted"


def delete_button(chosen: TrainingSet) -> None:
    """Draw the button that asks before it deletes a version."""
    if st.button(_("Excluir"), key="finetuning_delete", icon=":material/delete:"):
        st.session_state[_DELETING] = [chosen.name, chosen.version]
    if st.session_state.get(_DELETING) == [chosen.name, chosen.version]:
        _confirm(chosen)


def _keep() -> None:
    st.session_state.pop(_DELETING, None)


def _confirm(chosen: TrainingSet) -> None:
    @st.dialog(_("Excluir versão"), icon=":material/delete:", on_dismiss=_keep)
    def ask() -> None:
        total = sum(chosen.examples.values())
        st.markdown(
            ngettext(
                "**{name}** v{version}, com {count} exemplo, sai da lista. Fica {days} dias na "
                "lixeira, no fim desta página, de onde volta com o mesmo número.",
                "**{name}** v{version}, com {count} exemplos, sai da lista. Fica {days} dias na "
                "lixeira, no fim desta página, de onde volta com o mesmo número.",
                total,
            ).format(
                name=markdown.escape(chosen.name),
                version=chosen.version,
                count=formats.number(total, language()),
                days=KEPT_DAYS,
            )
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Manter"), key="finetuning_keep"):
                _keep()
                st.rerun()
            if st.button(
                _("Excluir versão"),
                key="finetuning_delete_confirm",
                type="primary",
                icon=":material/delete:",
            ):
                with ui.errors():
                    _keep()
                    st.session_state[_DELETED] = finetuning.delete(
                        chosen.name, chosen.version, actor=shell.actor()
                    )
                    listing.forget()
                    st.rerun()

    ask()


def undo() -> None:
    """Draw the way back right after a deletion."""
    last = st.session_state.get(_DELETED)
    if last is None:
        return
    found = next((item for item in finetuning.list_deleted() if item.id == last), None)
    if found is None:
        st.session_state.pop(_DELETED)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="finetuning_undo_row"):
        st.info(
            _("{name} v{version} foi para a lixeira.").format(
                name=f"**{markdown.escape(found.name)}**", version=found.version
            ),
            icon=":material/delete:",
        )
        if st.button(_("Desfazer"), key="finetuning_undo", icon=":material/undo:"):
            _restore(found)


def draw() -> None:
    """Draw the deleted versions, each with a way back; nothing when there is none."""
    deleted = finetuning.list_deleted()
    if not deleted:
        return
    label = ngettext("Lixeira: {count} versão", "Lixeira: {count} versões", len(deleted))
    with st.expander(
        label.format(count=formats.number(len(deleted), language())),
        icon=":material/delete:",
        key="finetuning_trash",
    ):
        by_id = {item.id: item for item in deleted}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            identifier = st.selectbox(
                _("Versão excluída"),
                list(by_id),
                format_func=lambda item: _line(by_id[item]),
                key="finetuning_trash_choice",
            )
            if st.button(_("Restaurar"), key="finetuning_restore", icon=":material/undo:"):
                _restore(by_id[identifier])
        st.caption(
            _("Depois de {days} dias na lixeira, uma versão é apagada de vez.").format(
                days=KEPT_DAYS
            )
        )


def _line(item: DeletedSet) -> str:
    return _("{name} v{version}, excluída por {actor} em {time}").format(
        name=item.name,
        version=item.version,
        actor=item.actor or _("anônimo"),
        time=formats.moment(item.deleted_at, language()),
    )


def _restore(item: DeletedSet) -> None:
    with ui.errors():
        found = finetuning.restore(item.id, actor=shell.actor())
        st.session_state.pop(_DELETED, None)
        listing.open_next(found.name, found.version)
        st.toast(
            _("{name} v{version} foi restaurado.").format(
                name=markdown.escape(found.name), version=found.version
            ),
            icon=":material/undo:",
        )
        st.rerun()
