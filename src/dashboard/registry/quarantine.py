"""A model without a signature: what it would import, and the decision to trust it."""

from __future__ import annotations

import streamlit as st

from src import registry
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.i18n import _, ngettext, translate
from src.dashboard.registry import details, trash

_TRUSTING = "registry_trusting"


def show(entry: registry.ModelEntry) -> None:
    """Draw what a quarantined model would import, and what can be decided of it."""
    details.title(entry.name)
    st.markdown(
        _(
            "Em quarentena: o arquivo não tem assinatura deste sistema, e abrir um arquivo desses "
            "executa o código que houver nele. Isto é o que ele importaria, lido sem abri-lo."
        )
    )
    by = markdown.escape(entry.actor or _("anônimo"))
    st.caption(
        _("Recebido em {time} de {actor}. {size}.").format(
            time=formats.moment(entry.saved_at), actor=by, size=formats.size(entry.size)
        )
        + (f" SHA-256 `{entry.sha256}`" if entry.sha256 else "")
    )
    found = registry.inspect_quarantined(entry.name)
    _findings(found)
    with st.container(horizontal=True):
        if st.button(_("Autorizar…"), key="registry_trust", icon=":material/verified_user:"):
            st.session_state[_TRUSTING] = (entry.name, found.sha256)
        trash.delete_button(entry.name)
    trusting, examined = st.session_state.get(_TRUSTING, ("", ""))
    if trusting == entry.name:
        _decide(entry.name, found, examined)


def _findings(found: registry.Inspection) -> None:
    if found.dangerous:
        st.error(_dangers(found) + "\n\n" + _names(found.dangerous), icon=":material/dangerous:")
    if not found.complete:
        reason = translate(found.problem) if found.problem else ""
        st.error(
            _("O arquivo não pôde ser lido até o fim, e o resto dele pode fazer qualquer coisa.")
            + f" {reason}",
            icon=":material/visibility_off:",
        )
    if found.unknown:
        st.warning(
            ngettext(
                "{count} importação que não se espera de um modelo:",
                "{count} importações que não se esperam de um modelo:",
                len(found.unknown),
            )
            + "\n\n"
            + _names(found.unknown),
            icon=":material/help:",
        )
    if found.complete and not found.dangerous and not found.unknown:
        st.success(
            _("Só importa o que se espera de um modelo. Confira mesmo assim de onde ele veio."),
            icon=":material/check:",
        )
    if found.expected:
        label = ngettext(
            "{count} importação esperada", "{count} importações esperadas", len(found.expected)
        )
        ui.folded(label, lambda: st.markdown(_names(found.expected)), key="registry_expected")


def _dangers(found: registry.Inspection) -> str:
    return ngettext(
        "{count} importação perigosa: alcança o sistema, a rede, ou executa texto como código.",
        "{count} importações perigosas: alcançam o sistema, a rede, ou executam texto como código.",
        len(found.dangerous),
    )


def _names(names: tuple[str, ...]) -> str:
    # Names come from the file: whatever could end the code mark is taken out.
    return " ".join(f"`{name.replace('`', ' ')}`" for name in names)


def _close() -> None:
    st.session_state.pop(_TRUSTING, None)


def _decide(name: str, found: registry.Inspection, examined: str) -> None:
    @st.dialog(_("Autorizar modelo"), icon=":material/verified_user:", on_dismiss=_close)
    def ask() -> None:
        st.markdown(
            _(
                "O modelo **{name}** passa a ser assinado por este sistema, e o código que houver "
                "nele é executado agora e a cada uso. A decisão fica registrada com o seu nome."
            ).format(name=markdown.escape(name))
        )
        if found.dangerous:
            st.error(_dangers(found), icon=":material/dangerous:")
        reason = st.text_input(
            _("Motivo"),
            key="registry_trust_reason",
            placeholder=_("de onde veio, e quem o fez"),
        )
        agreed = st.checkbox(
            _("Sei de onde este arquivo veio e confio em quem o fez"), key="registry_trust_agreed"
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Deixar em quarentena"), key="registry_trust_keep"):
                _close()
                st.rerun()
            if st.button(
                _("Autorizar"),
                key="registry_trust_confirm",
                type="primary",
                icon=":material/verified_user:",
                disabled=not (agreed and reason.strip()),
                help=_("Diga o motivo e confirme que confia na origem."),
            ):
                with ui.errors():
                    registry.trust(
                        name, actor=shell.actor(), reason=reason.strip(), sha256=examined
                    )
                    _close()
                    st.toast(
                        _("{name} foi autorizado.").format(name=markdown.escape(name)),
                        icon=":material/check:",
                    )
                    st.rerun()

    ask()
