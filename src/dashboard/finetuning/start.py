"""What the form of a new version begins with: the newest version's recipe, or the usual one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st

from src import days
from src.dashboard.finetuning import not_personal
from src.finetuning import Recipe, TrainingSet

NAME = "finetuning_name"
USUAL_NAME = "assistente"
_BEGUN = "finetuning_begun"
_NOW = "finetuning_recipe"


def begin(versions: Sequence[TrainingSet]) -> None:
    """Fill the form when this session sees it first, with the newest version there is."""
    if _BEGUN in st.session_state:
        return
    newest = versions[0] if versions else None
    st.session_state[NAME] = newest.name if newest is not None else USUAL_NAME
    take(newest)


def named(versions: Sequence[TrainingSet]) -> None:
    """Fill the form when a known name was typed, unless somebody has changed it meanwhile."""
    newest = newest_of(versions, st.session_state[NAME])
    if newest is not None and not changed():
        take(newest)


def keep(recipe: Recipe) -> None:
    """Remember what the form holds now."""
    st.session_state[_NOW] = recipe


def changed() -> bool:
    """Whether the form holds another recipe than the one it was filled with."""
    now = st.session_state.get(_NOW)
    return now is not None and not same(now, st.session_state[_BEGUN])


def same(one: Recipe, other: Recipe) -> bool:
    """Whether the form shows two recipes alike; it has no price and no time of day."""
    return (_fields(one), one.not_personal) == (_fields(other), other.not_personal)


def newest_of(versions: Sequence[TrainingSet], name: str) -> TrainingSet | None:
    """Return the newest version of a name."""
    return max(
        (one for one in versions if one.name == name.strip()),
        key=lambda one: one.version,
        default=None,
    )


def take(newest: TrainingSet | None) -> None:
    """Fill the form with a version's recipe, or the usual one, whatever is in it."""
    recipe = newest.recipe if newest is not None else Recipe()
    st.session_state.update(_fields(recipe))
    not_personal.fill(recipe)
    st.session_state[_BEGUN] = recipe
    st.session_state.pop(_NOW, None)


def _fields(recipe: Recipe) -> dict[str, Any]:
    """Return the value of each field; the list of words is not among them."""
    filters = recipe.filters
    last = filters.until - dt.timedelta(microseconds=1) if filters.until else None
    return {
        not_personal.PROMPT: recipe.system_prompt.strip(),
        "finetuning_since": days.day_of(filters.since) if filters.since else None,
        "finetuning_until": days.day_of(last) if last else None,
        "finetuning_channels": list(filters.channels),
        "finetuning_topics": list(filters.topics),
        "finetuning_stars": float(filters.minimum_stars),
        "finetuning_ended": filters.ended,
        "finetuning_cap": recipe.per_topic,
        "finetuning_tokens": recipe.max_tokens,
        "finetuning_seed": recipe.seed,
        "finetuning_similarity": float(recipe.similarity),
    }
