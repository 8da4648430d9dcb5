"""The whole way: events, table, a comparison by a real worker, a model that beats the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from sklearn.metrics import roc_auc_score

from src import collection, datasets, features, jobs, prediction, registry, training
from src.dashboard.training import save
from src.jobs import JobState
from tests import collection_world as world
from tests.integration import waiting
from tests.integration.waiting import ended

pytestmark = pytest.mark.core
wait_for = partial(waiting.wait_for, seconds=500.0)
TREES = ["lightgbm"]


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BANCADA_JOB_WORKERS", "1")
    jobs.ensure_workers("tests.integration.duties:ASKED_FOR")
    yield
    jobs.stop_workers()


def compared(shown: Sequence[world.Showing], kind: str = "whatsapp_contact") -> training.Yardstick:
    """Collect, build, split by session and time, and measure a real candidate."""
    collection.record_many(world.events(shown))
    name = features.build_table(kind, actor="ana")
    made_from = features.origin(datasets.get(name))
    assert made_from is not None
    comparison = training.compare_models(
        datasets.load(name),
        kind,
        include=TREES,
        folds=3,
        group=made_from.group,
        order=made_from.order,
        reference=made_from.reference,
    )
    assert comparison.yardstick is not None
    return comparison.yardstick


@pytest.mark.parametrize("kind", ["click", "whatsapp_contact"])
def test_shuffled_outcomes_give_chance(kind: str) -> None:
    found = compared(world.shuffled(world.showings(250), seed=1), kind).models["lightgbm"]
    assert found.auc.low < 0.5 < found.auc.high
    assert found.auc.high - found.auc.low < 0.2, "so wide an interval would hold anything"


def test_a_signal_known_before_the_outcome_is_found() -> None:
    found = compared(world.decided_by_use(world.showings(60))).models["lightgbm"]
    assert found.auc.low > 0.95


def test_the_way_from_events_to_the_model_in_use(workers: None) -> None:
    shown = world.showings(400)
    assert collection.record_many(world.events(shown)).rejected == ()

    build = features.start_build("whatsapp_contact", actor="ana")
    job = wait_for(lambda: ended(build))
    assert job.state is JobState.SUCCEEDED, job.error
    name, target = job.result["name"], job.result["target"]
    made_from = features.origin(datasets.get(name))
    comparison_id = training.start_comparison(
        name,
        training.Design(
            target,
            folds=3,
            group=made_from.group,
            order=made_from.order,
            reference=made_from.reference,
        ),
        n_select=5,
        actor="ana",
    )
    job = wait_for(lambda: ended(comparison_id))
    assert job.state is JobState.SUCCEEDED, job.error

    record = training.get_comparison(comparison_id)
    assert {"xgboost", "lightgbm"} <= {result.id for result in record.candidates}
    assert record.settings["events"] == "whatsapp_contact"
    assert record.settings["parts"]["holdout"]["groups"] == 120
    found = training.load_yardstick(comparison_id)
    assert found is not None
    best = next(name for name in found.models if found.models[name].gain.reaches(0))
    assert found.models[best].auc.low > 0.6

    result = next(result for result in record.candidates if result.id == best)
    save.save(record, result, "interesse v1", "", actor="ana")
    registry.set_alias("interesse v1", features.INTEREST_ALIAS, actor="ana")

    later = world.showings(150, seed=99)  # people the model has not seen, and other cars
    answers = [
        prediction.interest(each.preferences, each.car, each.score, at=each.at) for each in later
    ]
    assert {(answer.source, answer.model) for answer in answers} == {("model", "interesse v1")}
    contacted = [each.stage == 3 for each in later]
    by_model = roc_auc_score(contacted, [answer.score for answer in answers])
    by_rule = roc_auc_score(contacted, [each.score for each in later])
    assert by_model > by_rule
