"""How interested a person is: the model under the alias, else the rules, and why."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import structlog
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier

from src import config, features, prediction, registry
from src.features.pairs import Pairs
from src.training.preparation import build_preparation
from tests import collection_world as world

pytestmark = pytest.mark.core


def rows_and_stages(sessions: int = 40, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    pairs = Pairs()
    rows = pd.DataFrame(list(pairs.follow(world.events(world.showings(sessions, seed=seed)))))
    return rows.drop(columns=["session_id", "moment"]), np.array(list(pairs.reached))


ROWS, STAGES = rows_and_stages()
CASE = world.showings(1, seed=7)[0]


def save(name: str, *, alias: bool = True, model: Any = None, rows: pd.DataFrame = ROWS) -> None:
    model = model or DecisionTreeClassifier(max_depth=5)
    steps = [("prepare", build_preparation(rows)), ("model", model)]
    pipeline = Pipeline(steps).fit(rows, (STAGES >= 1).astype(int))
    registry.save_model(pipeline, name, training_data=rows, actor="ana")
    if alias:
        registry.set_alias(name, features.INTEREST_ALIAS, actor="ana")


def ask(**context: Any) -> prediction.Interest:
    return prediction.interest(CASE.preferences, CASE.car, CASE.score, at=CASE.at, **context)


@pytest.fixture(autouse=True)
def loads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the models that were read from disk."""
    seen: list[str] = []
    real = registry.load_model

    def load(name: str, **options: Any) -> Any:
        seen.append(name)
        return real(name, **options)

    monkeypatch.setattr(registry, "load_model", load)
    yield seen


def test_without_a_model_the_rules_answer_and_say_so() -> None:
    found = ask()
    assert (found.score, found.source, found.model) == (CASE.score, "rule", None)
    assert "Nenhum modelo" in str(found.reason)
    save("alheio", alias=False)
    assert ask().source == "rule"


def test_the_model_under_the_alias_answers_with_its_probability() -> None:
    save("interesse v1")
    found = ask(cars_seen=3, cars_clicked=1)
    assert (found.source, found.model, found.reason) == ("model", "interesse v1", None)
    row = features.row(CASE.preferences, CASE.car, CASE.score, CASE.at, cars_seen=3, cars_clicked=1)
    said = prediction.predict("interesse v1", [row], log=False)
    assert found.score == said["probability_1"].iloc[0]


def test_asking_is_not_logged_as_a_prediction() -> None:
    save("interesse v1")
    ask()
    assert prediction.count_predictions() == 0


def test_a_model_is_read_once_and_again_when_the_alias_or_the_model_changes(
    loads: list[str],
) -> None:
    save("um")
    for _time in range(5):
        assert ask().model == "um"
    assert loads == ["um"]
    save("dois")
    assert ask().model == "dois"
    assert ask().model == "dois"
    assert loads == ["um", "dois"]
    registry.remove_alias("dois", features.INTEREST_ALIAS, actor="ana")
    assert ask().source == "rule"


def test_an_alias_that_changes_while_a_model_is_read_is_seen_at_the_next_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save("um")
    real = registry.get_model

    def get_model(name: str) -> registry.ModelEntry:
        found = real(name)
        monkeypatch.setattr(registry, "get_model", real)
        save("dois")
        return found

    monkeypatch.setattr(registry, "get_model", get_model)
    assert ask().model == "um"
    assert ask().model == "dois"


def test_a_file_changed_from_outside_is_not_served(settings: config.Settings) -> None:
    save("um")
    assert ask().source == "model"
    artifact = settings.models_dir / Path(registry.get_model("um").path).name
    artifact.write_bytes(artifact.read_bytes() + b"x")
    found = ask()
    assert (found.source, found.model) == ("rule", "um")
    assert "não é o que foi salvo" in str(found.reason)


def test_a_model_signed_with_another_key_is_in_quarantine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save("um")
    monkeypatch.setenv("BANCADA_SIGNING_KEY", "another key, long enough to be one of those")
    config.get_settings.cache_clear()
    found = ask()
    assert (found.source, found.model) == ("rule", "um")
    assert "outra chave" in str(found.reason)


def test_a_model_of_something_else_does_not_fit() -> None:
    save("sensores", rows=ROWS[["preco"]].rename(columns={"preco": "lux"}))
    found = ask()
    assert (found.source, found.model) == ("rule", "sensores")
    assert "lux" in str(found.reason)


def test_a_model_that_only_names_a_class_does_not_serve() -> None:
    save("cumeeira", model=RidgeClassifier())
    assert "probabilidade" in str(ask().reason)


class Sour(DecisionTreeClassifier):
    """Answers to the cases it was tried on, and to no other."""

    def predict_proba(self, X: Any) -> Any:
        if len(X) == 1 and getattr(self, "asked", 0) > 20:
            raise ValueError("hoje não")
        self.asked = getattr(self, "asked", 0) + 1
        return super().predict_proba(X)


def test_a_model_that_fails_leaves_the_answer_to_the_rules() -> None:
    save("azedo", model=Sour(max_depth=5))
    with structlog.testing.capture_logs() as said:
        answers = [ask() for _time in range(30)]
    assert answers[0].source == "model"
    assert (answers[-1].source, answers[-1].score) == ("rule", CASE.score)
    assert "hoje não" in str(answers[-1].reason)
    # Once, and without the error's text, which may hold what is known of a person.
    failed = [record for record in said if record["event"] == "interest_model_failed"]
    assert [record["kind"] for record in failed] == ["ValueError"]
    assert "hoje não" not in str(said)


def test_any_number_of_threads_may_ask(loads: list[str]) -> None:
    save("um")
    cases = world.showings(8, seed=3)
    alone = {}
    for each in cases:
        found = prediction.interest(each.preferences, each.car, each.score, at=each.at)
        alone[each.session, each.car_id] = found
    registry.set_alias("um", "outro apelido", actor="ana")  # the next to ask reads it again
    loads.clear()
    wrong: list[Any] = []

    def work() -> None:
        for each in cases:
            found = prediction.interest(each.preferences, each.car, each.score, at=each.at)
            if found.score != alone[each.session, each.car_id].score:
                wrong.append(found)

    threads = [threading.Thread(target=work) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert loads == ["um"]
