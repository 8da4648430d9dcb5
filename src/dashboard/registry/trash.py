"""Deleting a model, and bringing deleted ones back."""

from __future__ import annotations

import streamlit as st

from src import registry
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.i18n import _, language, ngettext
from src.dashboard.registry import listing

_DELETING = "registry_deleting"
_DELETED = "registry_deleted"


def delete_button(name: str) -> None:
    """Draw the button that asks before it deletes a model."""
    if st.button(_("Excluir"), key="registry_delete", icon=":material/delete:"):
        st.session_state[_DELETING] = name
    if st.session_state.get(_DELETING) == name:
        _confirm(name)


def _keep() -> None:
    st.session_state.pop(_DELETING, None)


def _confirm(name: str) -> None:
    record = registry.list_models()[name]

    @st.dialog(_("Excluir modelo"), icon=":material/delete:", on_dismiss=_keep)
    def ask() -> None:
        st.markdown(
            _(
                "O modelo **{name}** ({size}) sai da lista, e as previsões não podem mais usá-lo. "
                "Ele fica {days} dias na lixeira, no fim desta página, de onde pode ser restaurado."
            ).format(
                name=markdown.escape(name),
                size=formats.size(record.get("size"), language()),
                days=registry.TRASH_DAYS,
            )
        )
        if record["aliases"]:
            st.warning(
                _("Quem o carrega pelo apelido ({aliases}) deixa de encontrá-lo.").format(
                    aliases=markdown.escape(", ".join(record["aliases"]))
                ),
                icon=":material/label_off:",
            )
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Manter"), key="registry_keep"):
                _keep()
                st.rerun()
            if st.button(
                _("Excluir modelo"),
                key="registry_delete_confirm",
                type="primary",
                icon=":material/delete:",
            ):
                with ui.errors():
                    _keep()
                    registry.delete_model(name, actor=shell.actor())
                    st.session_state[_DELETED] = registry.list_deleted()[0].id
                    listing.choose_next()
                    st.rerun()

    ask()


def undo() -> None:
    """Draw the way back right after a deletion."""
    last = st.session_state.get(_DELETED)
    if last is None:
        return
    found = next((item for item in registry.list_deleted() if item.id == last), None)
    if found is None:
        st.session_state.pop(_DELETED)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="registry_undo_row"):
        st.info(
            _("{name} foi para a lixeira.").format(name=f"**{markdown.escape(found.name)}**"),
            icon=":material/delete:",
        )
        if st.button(_("Desfazer"), key="registry_undo", icon=":material/undo:"):
            _restore(found)


def show() -> None:
    """Draw the deleted models, each with a way back; nothing when there is none."""
    registry.purge()
    deleted = registry.list_deleted()
    if not deleted:
        return
    label = ngettext("Lixeira: {count} modelo", "Lixeira: {count} modelos", len(deleted))
    with st.expander(
        label.format(count=formats.number(len(deleted), language())),
        icon=":material/delete:",
        key="registry_trash",
        on_change="rerun",
    ) as body:
        if body.open:
            _choose(deleted)


def _choose(deleted: list[registry.DeletedModel]) -> None:
    by_id = {item.id: item for item in deleted}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        identifier = st.selectbox(
            _("Modelo excluído"),
            list(by_id),
            format_func=lambda item: _line(by_id[item]),
            key="registry_trash_choice",
        )
        if st.button(_("Restaurar"), key="registry_restore", icon=":material/undo:"):
            _restore(by_id[identifier])
    st.caption(
        _("Depois de {days} dias na lixeira, um modelo é apagado de vez.").format(
            days=registry.TRASH_DAYS
        )
    )


def _line(item: registry.DeletedModel) -> str:
    lang = language()
    return _("{name}, excluído por {actor} em {time} ({size})").format(
        name=item.name,
        actor=item.actor or _("anônimo"),
        time=formats.moment(item.deleted_at, lang),
        size=formats.size(item.size, lang),
    )


def _restore(item: registry.DeletedModel) -> None:
    with ui.errors():
        name = registry.restore_model(item.id, actor=shell.actor())
        st.session_state.pop(_DELETED, None)
        listing.choose_next(name)
        st.toast(
            _("{name} foi restaurado.").format(name=markdown.escape(name)), icon=":material/undo:"
        )
        st.rerun()
