"""One registered model: figures, what can be done with it, where it comes from, what it takes."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from src import registry, training
from src.dashboard import formats, markdown, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import downloads, fields, table
from src.dashboard.registry import labels, trash, words
from src.errors import RegistryError, TrainingError


def show(entry: registry.ModelEntry) -> None:
    """Draw everything about a model that may be loaded."""
    title(entry.name, entry.aliases)
    _figures(entry)
    for warning in registry.version_warnings(entry.name):
        st.warning(markdown.said(warning), icon=":material/warning:")
    _actions(entry)
    left, right = st.columns(2, gap="medium")
    with left:
        labels.notes(entry)
    with right:
        labels.aliases(entry)
    _provenance(entry)
    _schema(entry)
    _environment(entry)


def title(name: str, aliases: tuple[str, ...] = ()) -> None:
    """Draw a model's name with its aliases."""
    marks = " ".join(f":blue-badge[{markdown.escape(alias)}]" for alias in aliases)
    st.subheader(f"{markdown.escape(name)} {marks}".strip())


def unreadable(name: str, error: RegistryError) -> None:
    """Draw why a model cannot be shown, and the one thing that can be done with it here."""
    title(name)
    st.error(markdown.said(error), icon=":material/error:")
    trash.delete_button(name)


def _figures(entry: registry.ModelEntry) -> None:
    found = words.figures({"metrics": entry.metrics})
    names = words.ranked(found, entry.task)
    with st.container(horizontal=True, key="registry_figures"):
        for name in names[: words.MAX_FIGURES]:
            known = words.metric(name)
            st.metric(
                name,
                words.figure(found[name]),
                border=True,
                help=_(known.description) if known else None,
            )
    kind = words.model_type(entry.metadata)
    facts = [
        "" if kind == formats.MISSING else f"**{markdown.escape(kind)}**",
        words.task(entry.task) if entry.task else "",
        _("prevê {target}").format(target=f"**{markdown.escape(entry.target)}**")
        if entry.target
        else "",
        formats.size(entry.size),
    ]
    st.markdown(" · ".join(fact for fact in facts if fact))


def _actions(entry: registry.ModelEntry) -> None:
    with st.container(horizontal=True):
        if st.button(
            _("Usar este modelo"),
            key="registry_use",
            type="primary",
            icon=":material/online_prediction:",
        ):
            st.switch_page("pages/prediction.py", query_params={"modelo": entry.name})
        labels.champion_button(entry)
        with st.popover(
            _("Baixar"), key="registry_download", icon=":material/download:", on_change="rerun"
        ) as popover:
            if popover.open:
                _download(entry)
        trash.delete_button(entry.name)


def _download(entry: registry.ModelEntry) -> None:
    # Read and verified only when asked for: an artifact may have hundreds of megabytes.
    try:
        data = registry.export_model(entry.name)
    except RegistryError as error:
        st.error(markdown.said(error), icon=":material/error:")
        return
    st.caption(
        _(
            "O conteúdo confere com a assinatura. Em outro computador, `joblib.load` abre o "
            "arquivo; em outra instalação deste sistema, ele chega em quarentena."
        )
    )
    file_name = Path(entry.path).name  # as on disk: safe on every system, whatever the model's name
    downloads.button(
        _("Baixar {file} ({size})").format(
            file=markdown.escape(file_name), size=formats.size(len(data))
        ),
        data,
        file_name,
        key="registry_download_file",
    )


def _provenance(entry: registry.ModelEntry) -> None:
    def content() -> None:
        facts(_origin(entry), key="registry_origin_table")
        _comparison_link(entry)

    ui.folded(_("De onde veio"), content, icon=":material/history:", key="registry_origin")


def facts(pairs: list[tuple[str, str]], *, key: str) -> None:
    """Draw facts that have a value, one a line."""
    with st.container(key=key, gap="xsmall"):
        for label, value in pairs:
            if value:
                st.markdown(f":gray[{label}] &nbsp; {value}")


def _origin(entry: registry.ModelEntry) -> list[tuple[str, str]]:
    decision = ""
    if trusted := entry.trusted:
        decision = _("por {actor}; motivo: {reason}").format(
            actor=markdown.escape(trusted.get("actor") or _("anônimo")),
            reason=markdown.escape(trusted.get("reason") or formats.MISSING),
        )
    return [
        (_("Salvo em"), formats.moment(entry.saved_at)),
        (_("Por"), markdown.escape(entry.actor or _("anônimo"))),
        (_("Autorizado apesar de não ter assinatura"), decision),
        (_("Tabela"), markdown.escape(entry.metadata.get("dataset") or "")),
        (_("Classes"), ", ".join(map(markdown.escape, entry.classes or ()))),
        (_("Impressão digital da tabela"), _code(entry.data_fingerprint)),
        (_("Arquivo"), _code(entry.path)),
        (_("SHA-256 do arquivo"), _code(entry.sha256)),
    ]


def _code(text: str | None) -> str:
    return f"`{text}`" if text else ""


def _comparison_link(entry: registry.ModelEntry) -> None:
    comparison = entry.metadata.get("comparison_id")
    if not comparison:
        return
    try:
        training.get_comparison(str(comparison))
    except TrainingError:
        st.caption(_("A comparação de que ele saiu não existe mais."))
        return
    if st.button(
        _("Abrir a comparação de que ele saiu"),
        key="registry_comparison",
        icon=":material/model_training:",
    ):
        st.switch_page("pages/training.py", query_params={"comparacao": str(comparison)})


def _schema(entry: registry.ModelEntry) -> None:
    columns = entry.schema or ()
    label = ngettext("{count} coluna de entrada", "{count} colunas de entrada", len(columns))

    def content() -> None:
        if not columns:
            st.caption(
                _("O modelo não diz com que colunas foi treinado; salve-o com a tabela de treino.")
            )
            return
        sample = entry.sample or {}
        table.draw(
            columns,
            {
                **fields.columns(),
                "sample": (lambda item: _sample(sample.get(item.name)), _("Exemplo")),
            },
            key="registry_schema_table",
            alt=_("Colunas de entrada"),
        )

    ui.folded(
        label if columns else _("Colunas de entrada"),
        content,
        icon=":material/view_column:",
        key="registry_schema",
    )


def _sample(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return formats.number(value)
    return formats.MISSING if value is None else str(value)


def _environment(entry: registry.ModelEntry) -> None:
    versions = [f"Python {entry.python}"] if entry.python else []
    versions += [f"{name} {version}" for name, version in entry.libraries.items()]
    ui.folded(
        _("Versões com que foi feito"),
        lambda: st.markdown(" ".join(f"`{version}`" for version in versions) or formats.MISSING),
        icon=":material/deployed_code:",
        key="registry_versions",
    )
