"""Deleting a model, and bringing deleted ones back."""

from __future__ import annotations

import streamlit as st

from src import registry
from src.dashboard import formats, markdown, shell
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts.trash import Trash
from src.dashboard.registry import listing


def delete_button(name: str) -> None:
    """Draw the button that asks before it deletes a model."""

    def delete() -> str:
        registry.delete_model(name, actor=shell.actor())
        listing.choose_next()
        return registry.list_deleted()[0].id

    TRASH.delete_button(name, _("Excluir modelo"), lambda: _consequences(name), delete)


def _consequences(name: str) -> None:
    record = registry.list_models()[name]
    st.markdown(
        _(
            "O modelo **{name}** ({size}) sai da lista, e as previsões não podem mais usá-lo. "
            "Ele fica {days} dias na lixeira, no fim desta página, de onde pode ser restaurado."
        ).format(
            name=markdown.escape(name),
            size=formats.size(record.get("size")),
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


def show() -> None:
    """Draw the deleted models, each with a way back; nothing when there is none."""
    registry.purge()
    TRASH.draw(
        heading=lambda count: ngettext(
            "Lixeira: {count} modelo", "Lixeira: {count} modelos", count
        ),
        field=_("Modelo excluído"),
        line=_line,
        rule=_("Depois de {days} dias na lixeira, um modelo é apagado de vez.").format(
            days=registry.TRASH_DAYS
        ),
    )


def _line(item: registry.DeletedModel) -> str:
    return _("{name}, excluído por {actor} em {time} ({size})").format(
        name=item.name,
        actor=item.actor or _("anônimo"),
        time=formats.moment(item.deleted_at),
        size=formats.size(item.size),
    )


def _restore(item: registry.DeletedModel) -> None:
    listing.choose_next(registry.restore_model(item.id, actor=shell.actor()))


TRASH = Trash("registry", registry.list_deleted, lambda item: markdown.escape(item.name), _restore)
