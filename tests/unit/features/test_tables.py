"""From the collected events to a table in Tabelas."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from src import collection, datasets, features
from src.collection import InteractionType
from src.errors import FeatureError, ImportFailed
from src.features.building import CHUNK_ROWS
from src.jobs import store as job_store
from src.jobs import worker
from src.persistence import utc_now
from tests import collection_world as world

CONTACT = InteractionType.WHATSAPP_CONTACT


def collect(events: list[dict[str, Any]]) -> None:
    assert collection.record_many(events).rejected == ()


def test_each_car_shown_in_a_session_is_a_row_labelled_by_how_far_it_went(
    any_database: str,
) -> None:
    shown = world.showings(40)
    collect(world.events(shown))
    for kind, stage in ((InteractionType.CLICK, 1), (CONTACT, 3)):
        table = datasets.load(features.build_table(kind, actor="ana"))
        assert table.columns[-1] == kind.value
        assert len(table) == len(shown)
        assert table[kind.value].tolist() == [int(each.stage >= stage) for each in sorted_(shown)]
        assert "car_id" not in table


def sorted_(shown: list[world.Showing]) -> list[world.Showing]:
    return sorted(shown, key=lambda each: each.at)


def test_a_view_of_details_is_asked_of_what_was_clicked() -> None:
    shown = world.showings(60)
    collect(world.events(shown))
    name = features.build_table("view_details", actor="ana")
    table = datasets.load(name)
    assert len(table) == sum(each.stage >= 1 for each in shown)
    assert table["view_details"].sum() == sum(each.stage >= 2 for each in shown)
    origin = features.origin(datasets.get(name))
    assert origin is not None
    assert (origin.kind, origin.given) == ("view_details", "click")


def test_without_impressions_a_contact_is_asked_of_what_was_clicked_and_a_click_not_at_all() -> (
    None
):
    shown = world.showings(80)
    collect(world.events(shown, impressions=False))
    name = features.build_table(CONTACT, actor="ana")
    clicked = [each for each in shown if each.stage >= 1]
    assert datasets.get(name).rows == len(clicked)
    assert "carro clicado" in str(datasets.get(name).warnings[0])
    with pytest.raises(FeatureError, match="impression"):
        features.build_table("click", actor="ana")
    with pytest.raises(FeatureError, match="impression"):
        features.start_build("click", actor="ana")


def test_a_car_clicked_without_having_been_shown_is_no_row_of_what_was_shown() -> None:
    shown = world.showings(60)
    extra = [each for each in shown if each.stage == 1][:5]
    events = [
        each
        for each in world.events(shown)
        if each["interaction_type"] != "impression"
        or (each["session_id"], each["car_id"])
        not in {(world.session_id(one.session), one.car_id) for one in extra}
    ]
    collect(events)
    name = features.build_table("click", actor="ana")
    assert datasets.get(name).rows == len(shown) - 5
    assert any(": 5 pares" in str(note) for note in datasets.get(name).warnings)


def test_who_asked_about_a_car_without_a_recorded_click_is_no_negative() -> None:
    shown = world.showings(60)
    lost = [each for each in world.events(shown) if each["interaction_type"] != "click"]
    some_clicks = [each for each in world.events(shown) if each["interaction_type"] == "click"][:3]
    collect(sorted([*lost, *some_clicks], key=lambda each: each["timestamp"]))
    table = datasets.load(features.build_table("click", actor="ana"))
    assert table["click"].sum() >= sum(each.stage >= 2 for each in shown)


def test_sessions_that_may_go_on_are_left_out_and_said_to_be() -> None:
    shown = world.showings(40)
    collect(world.events(shown))
    now = utc_now()
    fresh = [
        {
            **each,
            "id": f"fresh_{number}",
            "session_id": "sess_1799999999999_fresh",
            "timestamp": (now - dt.timedelta(minutes=1)).isoformat(),
        }
        for number, each in enumerate(world.events(world.showings(1, seed=9)))
        if each["interaction_type"] == "impression"
    ]
    collect(fresh)
    name = features.build_table("click", actor="ana")
    assert datasets.get(name).rows == len(shown)
    assert any("meia hora" in str(note) for note in datasets.get(name).warnings)


def test_too_few_of_one_class_make_no_table_and_the_error_counts_them() -> None:
    collect(world.events([each for each in world.showings(8) if each.stage == 0]))
    one = world.events([each for each in world.showings(30, seed=3) if each.stage == 3][:2])
    collect([{**each, "id": "b" + each["id"]} for each in one])
    with pytest.raises(FeatureError, match="2 exemplos do que aconteceu"):
        features.build_table("click", actor="ana")
    assert datasets.list_datasets() == []


def test_when_only_the_sessions_are_too_fresh_the_error_says_to_try_again() -> None:
    events = world.events(world.showings(40))
    late = max(dt.datetime.fromisoformat(each["timestamp"]) for each in events)
    shift = utc_now() - late
    span = min(dt.timedelta(minutes=20) / (late - first(events)), 1.0)
    for each in events:
        ago = late - dt.datetime.fromisoformat(each["timestamp"])
        each["timestamp"] = (late + shift - ago * span).isoformat()
    collect(events)
    with pytest.raises(FeatureError, match="Tente de novo em meia hora") as error:
        features.build_table("whatsapp_contact", actor="ana")
    # Counted among what was shown, which is what a contact is asked of first.
    assert error.value.message.params["open"] == len(world.showings(40))


def first(events: list[dict[str, Any]]) -> dt.datetime:
    return min(dt.datetime.fromisoformat(each["timestamp"]) for each in events)


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(FeatureError, match="impression"):
        features.build_table("impression", actor="ana")


def test_building_again_replaces_the_table_and_leaves_others_alone() -> None:
    collect(world.events(world.showings(30)))
    first = datasets.get(features.build_table("click", actor="ana"))
    collect(
        [
            {**each, "id": "n" + each["id"], "session_id": each["session_id"] + "n"}
            for each in world.events(world.showings(10, seed=5))
        ]
    )
    kept = features.build_table("click", name="cliques de novembro", actor="ana")
    second = datasets.get(features.build_table("click", actor="bia"))
    assert first.name == second.name == "eventos_click"
    assert second.rows > first.rows
    assert {table.name for table in datasets.list_datasets()} == {"eventos_click", kept}
    with pytest.raises(ImportFailed, match="Já existe"):
        features.build_table("click", name=kept, actor="ana")


def test_a_table_of_someone_elses_with_that_name_is_not_replaced(tmp_path: Any) -> None:
    path = tmp_path / "x.csv"
    pd.DataFrame({"a": range(30), "b": list("xy") * 15}).to_csv(path, index=False)
    datasets.import_file(path, "eventos_click", actor="ana")
    collect(world.events(world.showings(30)))
    assert features.build_table("click", actor="ana") == "eventos_click_2"
    assert datasets.get("eventos_click").rows == 30
    assert features.origin(datasets.get("eventos_click")) is None


def test_a_build_runs_as_a_job_that_names_the_table(any_database: str) -> None:
    collect(world.events(world.showings(30)))
    job_id = features.start_build(CONTACT, actor="ana")
    job = job_store.claim(worker.worker_id())
    assert job is not None
    worker.run(job, worker.worker_id())
    job = job_store.get(job_id)
    assert job.result == {"name": "eventos_whatsapp_contact", "target": "whatsapp_contact"}
    assert datasets.get("eventos_whatsapp_contact").actor == "ana"


def test_the_row_at_prediction_is_the_row_of_the_table() -> None:
    shown = sorted_(world.showings(30))
    collect(world.events(shown))
    table = datasets.load(features.build_table("click", actor="ana"))
    for position, each in enumerate(shown):
        stored = table.iloc[position]
        made = features.row(
            each.preferences,
            each.car,
            each.score,
            each.at.replace(microsecond=each.at.microsecond // 1000 * 1000),
            cars_seen=stored["cars_seen"],
            cars_clicked=stored["cars_clicked"],
        )
        kept = stored.drop(["session_id", "moment", "click"]).to_dict()
        assert list(made) == list(kept)
        assert made == kept
    frame = pd.DataFrame([made])
    trained_on = table.drop(columns=["session_id", "moment", "click"])
    assert (frame.dtypes == trained_on.dtypes).all()


def test_more_rows_than_a_chunk_keep_their_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.features.building.CHUNK_ROWS", 37)
    assert CHUNK_ROWS > 37
    shown = world.showings(40)
    collect(world.events(shown))
    table = datasets.load(features.build_table("click", actor="ana"))
    assert np.array_equal(table["click"], [int(each.stage >= 1) for each in sorted_(shown)])
