"""Saving one of the best candidates as a registered model."""

from __future__ import annotations

import math
import re

import streamlit as st

from src import days, features, registry, training
from src.dashboard import markdown, shell
from src.dashboard.i18n import _
from src.errors import DuplicateModelName, ModelNotFound

MAX_NAME = 120


def saved_from(record: training.ComparisonRecord) -> dict[str, list[str]]:
    """Return the registered models that came from a comparison, by candidate, newest first."""
    saved: dict[str, list[str]] = {}
    for name, entry in registry.list_models().items():
        metadata = entry["metadata"]
        if metadata.get("comparison_id") == record.id:
            saved.setdefault(str(metadata.get("candidate_id")), []).append(name)
    return saved


def default_name(record: training.ComparisonRecord, candidate_id: str) -> str:
    """Return ``<id>_<dataset>_<YYYYMMDD_HHMM>``, the time being the end of the comparison."""
    moment = record.finished_at or record.created_at
    dataset = re.sub(r"[^\w-]+", "_", record.dataset).strip("_") or "tabela"
    stamp = f"{days.local(moment):%Y%m%d_%H%M}"
    return f"{candidate_id}_{dataset[: MAX_NAME - len(candidate_id) - len(stamp) - 2]}_{stamp}"


def form(record: training.ComparisonRecord, result: training.CandidateResult) -> None:
    """Draw the save form of a candidate, and the way on once it is saved."""
    key = f"training_save_{record.id}_{result.id}"
    for name in saved_from(record).get(result.id, []):
        _way_on(name)
    with st.form(key, border=True):
        name = st.text_input(
            _("Nome do modelo"), value=default_name(record, result.id), key=f"{key}_name"
        )
        notes = st.text_area(
            _("Notas"),
            key=f"{key}_notes",
            height=80,
            placeholder=_("o que distingue este modelo, e para que serve"),
        )
        serve = _offer_interest(record, result, key)
        if st.form_submit_button(_("Salvar"), icon=":material/save:", key=f"{key}_submit"):
            _save(record, result, name, notes, key, serve)
    refused = st.session_state.get(f"{key}_refused")
    if refused is not None:
        st.error(markdown.said(refused), icon=":material/error:")
        if st.button(
            _("Salvar como {name}").format(name=refused.suggestion),
            key=f"{key}_suggestion",
            icon=":material/save:",
        ):
            _save(record, result, refused.suggestion, notes, key, serve)


def _offer_interest(
    record: training.ComparisonRecord, result: training.CandidateResult, key: str
) -> bool:
    """Offer to let the model answer ``predict-interest``; only for what was learned from events."""
    if "events" not in record.settings or record.target != record.settings["events"]:
        return False
    able = _gives_probabilities(record.id, result.id)
    serve = st.checkbox(
        _("Usar em predict-interest"), value=able, disabled=not able, key=f"{key}_interest"
    )
    if not able:
        st.caption(_("Este modelo não dá probabilidade, e o site precisa de uma nota de 0 a 1."))
        return False
    try:
        current = registry.get_model(features.INTEREST_ALIAS).name
    except ModelNotFound:
        st.caption(_("Hoje responde a nota das regras (match_score)."))
    else:
        st.caption(_("Substitui **{name}**.").format(name=markdown.escape(current)))
    return serve


@st.cache_data(max_entries=64, show_spinner=False)
def _gives_probabilities(comparison_id: str, candidate_id: str) -> bool:
    return hasattr(training.load_pipeline(comparison_id, candidate_id), "predict_proba")


def _save(
    record: training.ComparisonRecord,
    result: training.CandidateResult,
    name: str,
    notes: str,
    key: str,
    serve: bool,
) -> None:
    st.session_state.pop(f"{key}_refused", None)
    try:
        with st.spinner(_("Salvando…")):
            save(record, result, name, notes, actor=shell.actor())
            if serve:
                registry.set_alias(name, features.INTEREST_ALIAS, actor=shell.actor())
    except DuplicateModelName as error:
        st.session_state[f"{key}_refused"] = error
    else:
        st.toast(
            _("{name} foi salvo.").format(name=markdown.escape(name)),
            icon=":material/bookmark_added:",
        )
        st.rerun()


def save(
    record: training.ComparisonRecord,
    result: training.CandidateResult,
    name: str,
    notes: str,
    *,
    actor: str,
) -> None:
    """Register a candidate with what is known of it.

    Raises
    ------
    RegistryError
        If the name cannot be used or is taken, or the model cannot be stored.
    TrainingError
        If the comparison's files are gone.
    """
    pipeline = training.load_pipeline(record.id, result.id)
    metrics = {name: value for name, value in result.metrics.items() if math.isfinite(value)}
    registry.save_model(
        pipeline,
        name,
        {
            "model_type": training.algorithm(pipeline),
            "model_name": result.name,
            "task": str(record.task),
            "target": record.target,
            "dataset": record.dataset,
            "comparison_id": record.id,
            "candidate_id": result.id,
            "metrics": metrics,
            "description": notes,
            **{name.lower().rstrip("."): value for name, value in metrics.items()},
        },
        training_data=training.training_sample(record.id),
        target=record.target,
        data_fingerprint=record.fingerprint,  # the rows above are without the target
        actor=actor,
    )


def _way_on(name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            ":material/bookmark_added: "
            + _("Salvo como **{name}**.").format(name=markdown.escape(name))
        )
        st.page_link(
            "pages/registry.py",
            label=_("Ver o modelo"),
            icon=":material/inventory_2:",
            query_params={"modelo": name},
        )
        st.page_link(
            "pages/prediction.py",
            label=_("Classificar com ele"),
            icon=":material/online_prediction:",
            query_params={"modelo": name},
        )
