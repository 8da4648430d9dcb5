"""Deleting a version, and bringing deleted ones back."""

from __future__ import annotations

import streamlit as st

from src import finetuning
from src.dashboard import formats, markdown, shell
from src.dashboard.finetuning import listing
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts.trash import Trash
from src.finetuning import DeletedSet, TrainingSet


def delete_button(chosen: TrainingSet) -> None:
    """Draw the button that asks before it deletes a version."""

    def delete() -> str:
        deleted = finetuning.delete(chosen.name, chosen.version, actor=shell.actor())
        listing.forget()
        return deleted

    TRASH.delete_button(
        f"{chosen.name}/{chosen.version}",
        _("Excluir versão"),
        lambda: _consequences(chosen),
        delete,
    )


def _consequences(chosen: TrainingSet) -> None:
    total = sum(chosen.examples.values())
    st.markdown(
        ngettext(
            "**{name}** v{version}, com {count} exemplo, sai da lista. Fica {days} dias na "
            "lixeira, no fim desta página, de onde volta com o mesmo número.",
            "**{name}** v{version}, com {count} exemplos, sai da lista. Fica {days} dias na "
            "lixeira, no fim desta página, de onde volta com o mesmo número.",
            total,
        ).format(
            name=markdown.escape(chosen.name), version=chosen.version, days=finetuning.KEEP_DAYS
        )
    )


def draw() -> None:
    """Draw the deleted versions, each with a way back; nothing when there is none."""
    TRASH.draw(
        heading=lambda count: ngettext(
            "Lixeira: {count} versão", "Lixeira: {count} versões", count
        ),
        field=_("Versão excluída"),
        line=_line,
        rule=_("Depois de {days} dias na lixeira, uma versão é apagada de vez.").format(
            days=finetuning.KEEP_DAYS
        ),
    )


def _line(item: DeletedSet) -> str:
    return _("{name} v{version}, excluída por {actor} em {time}").format(
        name=item.name,
        version=item.version,
        actor=item.actor or _("anônimo"),
        time=formats.moment(item.deleted_at),
    )


def _restore(item: DeletedSet) -> None:
    back = finetuning.restore(item.id, actor=shell.actor())
    listing.open_next(back.name, back.version)


TRASH = Trash(
    "finetuning",
    finetuning.list_deleted,
    lambda item: f"{markdown.escape(item.name)} v{item.version}",
    _restore,
)
