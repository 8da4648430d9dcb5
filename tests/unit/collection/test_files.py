"""The documented file is written and read whole, and a damaged one is read as far as it goes."""

from __future__ import annotations

import codecs
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from src import collection
from src.collection import json_file
from src.collection.recording import REJECTED_KEPT
from src.errors import CollectionError
from tests.unit.collection.events import event, some


def document(events: list[Any], **more: Any) -> dict[str, Any]:
    return {"interactions": events, "metadata": {"version": "1.0"}, **more}


def write(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


@pytest.mark.usefixtures("any_database")
def test_the_documented_file_is_written_and_read_again(tmp_path: Path) -> None:
    events = some(50)
    collection.record_many(events)
    path = tmp_path / "user_interactions.json"
    assert collection.export_json(path) == 50
    written = json.loads(path.read_text(encoding="utf-8"))
    assert list(written) == ["interactions", "metadata"]
    assert list(written["interactions"][0]) == list(event())
    assert list(written["metadata"]) == ["created_at", "last_updated", "total_count", "version"]
    assert written["metadata"] == {
        "created_at": written["interactions"][0]["timestamp"],
        "last_updated": written["interactions"][-1]["timestamp"],
        "total_count": 50,
        "version": "1.0",
    }
    stats = collection.stats()
    found = collection.import_json(path)
    assert (found.accepted, found.duplicates) == (0, 50)
    for number in range(12):
        collection.erase_session(f"sess_1699999999999_s{number}")
    assert collection.import_json(path).accepted == 50
    assert collection.stats() == stats


def test_an_event_comes_back_as_it_was_written(tmp_path: Path) -> None:
    sent = event(
        1,
        timestamp="2024-11-11T10:30:00.123456Z",
        user_preferences__budget_max=60000.5,
        car_details__marca='Citroën "C3" \\ <b>',
        car_id='a"b\\c',
        match_score=1,
    )
    collection.import_json(write(tmp_path / "a.json", document([sent])))
    collection.export_json(tmp_path / "b.json")
    text = (tmp_path / "b.json").read_text(encoding="utf-8")
    assert json.loads(text)["interactions"] == [sent]
    assert '"budget_min":30000,"budget_max":60000.5,' in text


@pytest.mark.parametrize("content", ["", "{", "[]", '{"interactions": 3}', "\x00PNG", '{"a": []}'])
def test_a_file_of_another_kind_is_refused_with_a_reason(tmp_path: Path, content: str) -> None:
    with pytest.raises(CollectionError, match=r"x\.json"):
        collection.import_json(write(tmp_path / "x.json", content))


def test_a_compressed_file_is_read_and_its_progress_ends_at_all(tmp_path: Path) -> None:
    path = tmp_path / "user_interactions.json.gz"
    path.write_bytes(gzip.compress(json.dumps(document(some(300))).encode()))
    told: list[tuple[int, int]] = []
    found = collection.import_json(path, on_progress=lambda done, total: told.append((done, total)))
    assert found.accepted == 300
    assert told[-1][0] == told[-1][1]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="nada"):
        collection.import_json(tmp_path / "nada")


def test_an_empty_file_of_the_documented_shape_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "empty.json"
    assert collection.export_json(path) == 0
    assert collection.import_json(path).accepted == 0


@pytest.fixture(params=[json_file.BLOCK, 700], ids=["one piece", "small pieces"])
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    # With small blocks the beginning is small too, so that nearly all is read by cutting.
    monkeypatch.setattr(json_file, "BLOCK", request.param)
    monkeypatch.setattr(json_file, "BEGINNING", request.param)


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_spaces_the_order_of_keys_and_a_byte_order_mark_do_not_matter(
    tmp_path: Path, indent: int | None, mark: bytes
) -> None:
    events = some(40)
    content = {"metadata": {"a": "«interactions»"}, **document(events, more=[{"x": 1}, {"y": 2}])}
    path = tmp_path / "a.json"
    path.write_bytes(mark + json.dumps(content, indent=indent, ensure_ascii=False).encode())
    assert collection.import_json(path).accepted == 40
    assert sorted(sent["id"] for sent in collection.every()) == [sent["id"] for sent in events]


@pytest.mark.usefixtures("_blocks")
def test_a_text_that_looks_like_the_end_of_an_event_is_a_text(tmp_path: Path) -> None:
    tricky = ["},{", '}, {"', '"interactions": [', "}]},{", "\\", '"']
    events = [event(n, car_details__modelo=tricky[n % len(tricky)]) for n in range(60)]
    assert collection.import_json(write(tmp_path / "a.json", document(events))).accepted == 60
    kept = [sent["car_details"]["modelo"] for sent in collection.every()]
    assert sorted(kept) == sorted(sent["car_details"]["modelo"] for sent in events)


@pytest.mark.usefixtures("_blocks")
def test_invalid_events_are_counted_and_harm_no_other(tmp_path: Path) -> None:
    wrong: list[Any] = [event(90, match_score=7), 3, None, [], "x", event(91, match_score=0.5)]
    wrong[5]["user_preferences"]["budget_min"] = float("nan")
    events = [*some(20), *wrong, *some(20, first=20)]
    found = collection.import_json(write(tmp_path / "a.json", document(events)))
    assert (found.accepted, found.refused) == (40, 6)
    assert [position for position, _problems in found.rejected] == list(range(20, 26))
    assert found.reasons == collection.overview().rejections
    assert found.reasons["user_preferences.budget_min: finite_number"] == 1


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda text: text[: len(text) // 2], "termina antes"),
        (lambda text: text[: text.rindex("]")], "termina antes"),
        (lambda text: text[: text.rindex("}")], "deixa de ser JSON"),
        (lambda text: text + "x", "deixa de ser JSON"),
        (lambda text: text.replace('"int_000020"', '"int" 20'), "deixa de ser JSON"),
        (lambda text: text.replace('"int_000020"', "[" * 5000), "aninhad"),
    ],
)
def test_a_damaged_file_is_read_as_far_as_it_goes(tmp_path: Path, damage: Any, reason: str) -> None:
    text = damage(json.dumps(document(some(40))))
    with pytest.raises(CollectionError, match=reason) as told:
        collection.import_json(write(tmp_path / "a.json", text))
    kept = [sent["id"] for sent in collection.every()]
    assert told.value.message.params["accepted"] == len(kept)
    assert sorted(kept) == [f"int_{number:06d}" for number in range(len(kept))]
    assert len(kept) >= 19


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_another_encoding_is_named_as_the_reason(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.json"
    events = [event(n, car_details__marca="Citroën") for n in range(9)]
    path.write_bytes(json.dumps(document(events), ensure_ascii=False).encode(encoding))
    with pytest.raises(CollectionError, match="UTF-8"):
        collection.import_json(path)


def test_an_endless_element_is_given_up(tmp_path: Path) -> None:
    text = json.dumps(document(some(3))).rpartition("]")[0]
    with pytest.raises(CollectionError, match="1 MiB"):
        collection.import_json(write(tmp_path / "a.json", text + ', "' + "x" * 3_000_000))
    with pytest.raises(CollectionError, match="aninhad"):
        collection.import_json(write(tmp_path / "b.json", '{"interactions": [' + "[" * 3_000_000))
    with pytest.raises(CollectionError, match="interactions"):
        collection.import_json(write(tmp_path / "c.json", '{"x": [' + "1," * 1_500_000))


def test_of_very_many_rejected_events_the_first_are_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", document([1] * (REJECTED_KEPT + 5)))
    found = collection.import_json(path)
    assert len(found.rejected) == REJECTED_KEPT
    assert found.refused == sum(found.reasons.values()) == REJECTED_KEPT + 5


def test_an_import_tells_how_far_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", document(some(2000)))
    told: list[tuple[int, int]] = []
    collection.import_json(path, on_progress=lambda done, total: told.append((done, total)))
    size = path.stat().st_size
    assert told == sorted(told)
    assert told[-1] == (size, size)


def test_a_file_is_no_sign_of_life_of_the_site(tmp_path: Path) -> None:
    collection.import_json(write(tmp_path / "a.json", document(some(20))))
    assert collection.overview().interactions > 0
    assert collection.overview().last_received is None


def test_an_export_that_cannot_be_written_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.mkdir()
    with pytest.raises(CollectionError, match=r"a\.json"):
        collection.export_json(path)
    assert [entry.name for entry in tmp_path.iterdir() if entry.suffix == ".tmp"] == []
