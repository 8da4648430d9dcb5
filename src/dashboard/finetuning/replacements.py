"""What personal data was replaced, read beside the original before anything leaves."""

from __future__ import annotations

from itertools import islice

import streamlit as st

from src import finetuning
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.finetuning import chat, words
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import table
from src.finetuning import Clearance, Pair, TrainingSet
from src.messages import N_

SHOWN = 500
PER_PAGE = 30
"""Turns drawn at once, on each side."""

MISSED = (
    N_("nomes raros, apelidos e nomes que também são palavras (*rosa*, *vitória*) em minúsculas"),
    N_("nome que nenhuma lista conhece, mesmo com maiúscula, se nada o anuncia («meu nome é»)"),
    N_("nomes com a codificação quebrada (JoÃ£o): repare o texto na importação"),
    N_("sobrenome sozinho antes de o nome inteiro aparecer na conversa"),
    N_("números por extenso, em imagens, áudios ou repartidos em mensagens dos dois lados"),
    N_("CPF, CNPJ ou cartão com dígito errado que o texto não chama assim; oito dígitos soltos"),
    N_("placa com espaço («ABC 1234») que o texto não chama de placa"),
    N_("onze dígitos que o texto chama de protocolo ou pedido, mesmo que sejam um CPF"),
    N_("perfis de redes sociais, links, IP, conta bancária, data de nascimento, chassi, RENAVAM"),
    N_("um cliente que só diz o primeiro nome, e é o mesmo do assistente ou de um produto"),
    N_("saúde e outros assuntos sensíveis ditos em palavras, e quem se reconhece pelo contexto"),
)
"""In words what docs/redaction.md lists."""


def draw(chosen: TrainingSet) -> None:
    """Draw what was replaced by kind, the list, one conversation side by side, and the promise."""
    _tiles(chosen)
    with st.expander(_("O que a troca não acha"), icon=":material/visibility_off:"):
        st.markdown("\n".join(f"- {_(line)}" for line in MISSED))
        st.caption(
            _(
                "E às vezes troca demais: *a Vitória* pode ser a cidade. Medidas e limites estão "
                "em `docs/redaction.md`."
            )
        )
    if chosen.recipe.not_personal:
        st.caption(
            _("Não contam como dados pessoais, porque a receita diz: {words}.").format(
                words=", ".join(map(markdown.escape, chosen.recipe.not_personal))
            )
        )
    if chosen.replaced:
        _list(chosen)
    _promise(chosen)


def _promise(chosen: TrainingSet) -> None:
    """Draw who has looked, and the box of whoever has not yet said so."""
    known, person = finetuning.clearances(chosen.name, chosen.version), shell.known_name()
    if known:
        st.markdown(":material/verified_user: " + " ".join(map(said, known)))
    if person in {one.actor for one in known}:
        return
    ticked = st.checkbox(
        _("Olhei as substituições e sei o que a troca não acha. Os arquivos podem sair."),
        key=f"finetuning_looked_{chosen.name}_{chosen.version}_{chosen.job_id}",
        disabled=not person,
        help=_("Fica registrado com a versão, com o seu nome e a hora, e não se desfaz."),
    )
    if not person:
        st.caption(_("Para marcar, escreva o seu nome na barra lateral: ele fica registrado."))
    elif ticked:
        finetuning.clear(chosen.name, chosen.version, actor=person)
        st.rerun()


def said(one: Clearance) -> str:
    """Return who looked and when, as Markdown."""
    return _("Substituições olhadas por {actor} em {time}.").format(
        actor=f"**{markdown.escape(one.actor)}**", time=formats.moment(one.at)
    )


def _tiles(chosen: TrainingSet) -> None:
    if not chosen.replaced:
        st.info(
            _(
                "Nenhum dado pessoal foi encontrado nas conversas deste conjunto. Olhe algumas "
                "mesmo assim, em Exemplos."
            ),
            icon=":material/shield:",
        )
        return
    total = sum(chosen.replaced.values())
    parts = [
        f"{words.kind(kind)} **{formats.number(count)}**"
        for kind, count in sorted(chosen.replaced.items(), key=lambda pair: -pair[1])
    ]
    head = ngettext("**{count}** troca", "**{count}** trocas", total)
    st.markdown(f"{head}: " + " · ".join(parts))


def _list(chosen: TrainingSet) -> None:
    kind_column, text_column = st.columns([1, 2])
    kind = kind_column.selectbox(
        _("Tipo"),
        sorted(chosen.replaced),
        index=None,
        format_func=words.kind,
        placeholder=_("todos"),
        key="finetuning_replaced_kind",
    )
    text = text_column.text_input(
        _("Procurar"),
        key="finetuning_replaced_text",
        placeholder=_("conversa ou marcador, como NOME_1"),
        icon=":material/search:",
    )
    entries = finetuning.replaced(chosen.name, chosen.version, kind=kind, text=text)
    rows = list(islice(entries, SHOWN))
    count = len(rows) + sum(1 for _one in entries)
    if not rows:
        st.info(_("Nenhuma conversa combina com a busca."), icon=":material/info:")
        return
    key = f"finetuning_replaced_{chosen.name}_{chosen.version}_{kind}_{text}"
    event = table.draw(
        rows,
        {
            "conversation": (lambda row: row.conversation, table.text(_("Conversa"), 270)),
            "count": (lambda row: len(row.found), table.count(_("Trocas"), 70)),
            "kinds": (
                lambda row: ", ".join(
                    dict.fromkeys(words.kind(kind) for _n, kind, _t in row.found)
                ),
                table.text(_("Tipos"), 200),
            ),
            "placeholders": (
                lambda row: " ".join(dict.fromkeys(placeholder for *_n, placeholder in row.found)),
                table.text(_("O que ficou no lugar"), "large"),
            ),
        },
        height="content" if len(rows) <= 6 else 248,
        key=key,
        on_select="rerun",
        selection_mode="single-row-required",
    )
    said = ngettext("{count} conversa", "{count} conversas", count)
    if count > SHOWN:
        said += " " + _("(as primeiras {shown} na tabela)").format(shown=formats.number(SHOWN))
    st.caption(said + ". " + _("Marque uma, ou passe de uma a outra abaixo."))
    number = min((event.selection.rows or [0])[0], len(rows) - 1)
    whole = _steps(key, number, len(rows))
    _side_by_side(chosen, rows[number].conversation, whole=whole)


def _steps(key: str, number: int, count: int) -> bool:
    """Draw the way to the conversation before and after; returns whether whole ones are wanted."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Anterior"),
            key="finetuning_replaced_before",
            icon=":material/chevron_left:",
            disabled=number == 0,
            on_click=ui.mark_rows,
            args=(key, [number - 1]),
        )
        st.button(
            _("Próxima"),
            key="finetuning_replaced_next",
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=number == count - 1,
            on_click=ui.mark_rows,
            args=(key, [number + 1]),
        )
        st.caption(
            _("{number} de {count}").format(
                number=formats.number(number + 1), count=formats.number(count)
            ),
            width="content",
        )
        return st.toggle(
            _("Conversa inteira"),
            key="finetuning_replaced_whole",
            help=_("Desligado: só as falas em que algo foi trocado."),
            persist_state="session",
        )


def _side_by_side(chosen: TrainingSet, conversation: str, *, whole: bool) -> None:
    compared = finetuning.example_of(chosen.name, chosen.version, conversation)
    if compared is None:
        st.caption(_("A conversa não está neste conjunto."))
        return
    turns = [
        (number, pair) for number, pair in enumerate(compared.pairs, 1) if whole or pair.replaced
    ]
    pages, key = -(-len(turns) // PER_PAGE), f"finetuning_replaced_page_{conversation}_{whole}"
    page = st.pagination(pages, key=key) if pages > 1 else 1
    with st.container(border=True, key="finetuning_pairs"):
        before, after = st.columns(2, gap="medium")
        before.markdown("**" + _("Antes da troca, só aqui dentro") + "**")
        after.markdown("**" + _("No conjunto") + "**")
        after.caption(
            _("{file}, linha {line}").format(
                file=markdown.escape(compared.file), line=formats.number(compared.line)
            )
        )
        if not compared.stored:
            before.caption(_("A conversa foi apagada depois da montagem."))
        for number, pair in turns[(page - 1) * PER_PAGE : page * PER_PAGE]:
            _pair(number, pair)


def _pair(number: int, pair: Pair) -> None:
    before, after = st.columns(2, gap="medium")
    avatar = chat.AVATARS[pair.role]
    said = _("fala {number}").format(number=formats.number(number))
    if pair.before is not None:
        with before, st.chat_message(pair.role, avatar=avatar):
            st.caption(said)
            st.markdown(chat.highlighted(pair.before, pair.places or ()))
            if pair.places is None:
                st.caption(_("A conversa mudou depois da montagem; o que saiu não está marcado."))
    with after, st.chat_message(pair.role, avatar=avatar):
        st.caption(said)
        st.markdown(chat.shown(pair.after, mark=True))
