"""The home screen: empty, on the way, in use, and when the house does not answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from streamlit.testing.v1 import AppTest

from src import (
    alerts,
    collection,
    config,
    conversations,
    datasets,
    finetuning,
    jobs,
    prediction,
    registry,
    review,
)
from src.conversations import NewConversation, NewFeedback, NewTurn, Role
from src.errors import StorageError
from src.messages import Message
from src.persistence import utc_now
from src.training import CandidateResult, ComparisonRecord, Task
from src.training import store as training_store
from tests import collection_world
from tests.unit.finetuning.talks import said

ROOT = Path(__file__).resolve().parents[2]
TABLE = "maquinas"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setattr(jobs, "ensure_workers", lambda *_: None)
    yield AppTest.from_file(str(ROOT / "main_dash.py"), default_timeout=180)


def import_table(tmp_path: Path) -> pd.DataFrame:
    path = tmp_path / f"{TABLE}.csv"
    rows = [(20 + i % 7, "sim" if i % 3 == 0 else "nao") for i in range(60)]
    frame = pd.DataFrame(rows, columns=["temperatura", "falha"])
    frame.to_csv(path, index=False)
    assert datasets.import_file(path, actor="Ana") == TABLE
    return frame


def start_comparison() -> str:
    title = Message("Comparar modelos em {dataset}", {"dataset": TABLE})
    job_id = jobs.submit("training.compare", {}, title=title, actor="Ana")
    training_store.add(
        ComparisonRecord(
            id=job_id,
            dataset=TABLE,
            target="falha",
            task=Task.BINARY,
            metric="AUC",
            settings={"folds": 5},
            fingerprint="0" * 64,
            rows=60,
            actor="Ana",
            created_at=dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC),
        )
    )
    return job_id


def finish_comparison() -> str:
    job_id = start_comparison()
    jobs.cancel(job_id, actor="Ana")  # the job no longer waits; its comparison is whole
    for name, model, auc in (
        ("lr", "Logistic Regression", 0.912),
        ("dummy", "Dummy Classifier", 0.5),
    ):
        training_store.put_candidate(
            job_id, CandidateResult(id=name, name=model, metrics={"AUC": auc}, seconds=0.1)
        )
    training_store.finish(job_id, top_ids=("lr",), verdict=None)
    return job_id


def save_model(frame: pd.DataFrame) -> None:
    features = frame[["temperatura"]]
    model = DummyClassifier().fit(features, frame["falha"])
    registry.save_model(model, "falha_v1", training_data=features, target="falha", actor="Ana")


def talk(number: int) -> NewConversation:
    return NewConversation(
        origin_id=str(number),
        turns=tuple(
            NewTurn((Role.CUSTOMER, Role.ASSISTANT)[turn % 2], said(number, turn))
            for turn in range(4)
        ),
        customer={"id": f"k{number}"},
        status="resolved",
        feedback=(NewFeedback("rating", "customer", f"r{number}", stars=5),),
    )


def build_data_set(name: str) -> None:
    """Do what a worker process would."""
    from src.jobs import store
    from src.jobs.worker import run

    finetuning.start_build(name, finetuning.Recipe(), actor="Ana")
    job = store.claim("test:1:0")
    assert job is not None
    run(job, "test:1:0")
    assert jobs.get(job.id).state is jobs.JobState.SUCCEEDED


def approve_next() -> None:
    claim = review.claim_next("Rui")
    assert claim is not None
    review.submit(claim, review.Annotation(review.Decision.APPROVED))


def assistant(app: AppTest) -> str:
    """Return the badge of the assistant's line and what it says."""
    at = next(place for place, it in enumerate(app.markdown) if "**Assistente**" in it.value)
    said = next(it.value for it in app.caption if " revis" in it.value)
    return f"{app.markdown[at + 1].value} {said}"


def links(app: AppTest) -> set[str]:
    return {str(link.proto.label) for link in app.get("page_link")}


def figures(app: AppTest) -> list[str]:
    return [metric.value for metric in app.metric]


def test_an_empty_house_asks_for_a_table_and_offers_a_sample(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert figures(app) == ["0", "0", "—", "0", "0"]
    assert app.button(key="home_next").label == "Importar uma tabela"
    app.button(key="home_sample").click().run()
    assert not app.exception
    assert [table.name for table in datasets.list_datasets()]
    assert figures(app)[0] == "1"
    assert app.button(key="home_next").label == "Treinar modelos"


def collect(sessions: int) -> None:
    shown = collection_world.showings(sessions, shown=6)
    collection.record_many(collection_world.events(shown))


def test_the_collection_is_shown_with_its_state_even_before_it_began(app: AppTest) -> None:
    app.run()
    assert any("viram tabelas para treinar" in caption.value for caption in app.caption)
    collect(20)
    app.run()
    assert not app.exception
    assert any("último evento há" in caption.value for caption in app.caption)


def test_the_assistant_has_a_line_even_before_it_began(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert "sem conversas" in assistant(app)
    assert "viram conjuntos de dados" in assistant(app)
    assert "Importar conversas" in links(app)


def test_the_assistants_line_tells_what_waits_what_was_decided_and_the_newest_set(
    app: AppTest,
) -> None:
    conversations.add([talk(number) for number in range(12)], "loja", actor="Ana")
    for found in list(conversations.every())[:2]:
        review.enqueue(found.summary.id, reason="teste", actor="Ana")
    approve_next()
    app.run()
    assert not app.exception
    assert "há o que revisar" in assistant(app)
    assert assistant(app).endswith("1 conversa espera revisão · 1 decisão em 7 dias")
    assert {"Revisar"} <= links(app)
    assert "Conjuntos de dados" not in links(app)
    approve_next()
    build_data_set("bia")
    app.run()
    assert not app.exception
    assert "em dia" in assistant(app)
    assert "nada espera revisão · 2 decisões em 7 dias" in assistant(app)
    assert "conjunto mais novo: bia v1, há" in assistant(app)
    assert "Conjuntos de dados" in links(app)


def test_an_alert_on_the_quality_is_in_the_assistants_line(app: AppTest) -> None:
    for days, stars in ((2, 1), (10, 5)):
        at = utc_now() - dt.timedelta(days=days)
        conversations.add(
            [
                NewConversation(
                    origin_id=f"{days}.{number}",
                    turns=(NewTurn(Role.CUSTOMER, "oi", at=at), NewTurn(Role.ASSISTANT, "olá")),
                    feedback=(NewFeedback("rating", "customer", f"{days}.{number}", stars=stars),),
                )
                for number in range(40)
            ],
            "loja",
            actor="Ana",
        )
    alerts.check(review.alert_rules())
    app.run()
    assert not app.exception
    assert "qualidade caiu" in assistant(app)
    assert "Qualidade" in links(app)


def test_enough_interactions_lead_to_training_on_them(app: AppTest) -> None:
    collect(150)
    app.run()
    assert app.button(key="home_next").label == "Treinar com a coleta"
    app.button(key="home_next").click().run()
    assert not app.exception
    assert app.title[0].value == "Coleta de dados"


def test_there_is_exactly_one_primary_button(app: AppTest) -> None:
    app.run()
    primary = [button for button in app.button if button.proto.type == "primary"]
    assert [button.key for button in primary] == ["home_next"]


def test_a_table_without_comparison_leads_to_training(app: AppTest, tmp_path: Path) -> None:
    import_table(tmp_path)
    app.run()
    assert any(TABLE in text.value for text in app.markdown)
    app.button(key="home_next").click().run()
    assert not app.exception
    assert app.title[0].value == "Treinar modelos"


def test_a_running_comparison_is_shown_with_its_progress(app: AppTest, tmp_path: Path) -> None:
    import_table(tmp_path)
    job_id = start_comparison()
    app.run()
    assert not app.exception
    assert app.button(key="home_next").label == "Acompanhar a comparação"
    assert any("Comparar modelos em maquinas" in text.value for text in app.markdown)
    assert app.button(key=f"home_job_{job_id}_cancel")


def test_a_finished_comparison_leads_to_its_best_candidates(app: AppTest, tmp_path: Path) -> None:
    import_table(tmp_path)
    finish_comparison()
    app.run()
    assert figures(app)[1:3] == ["1", "0,9120"]
    best = next(caption.value for caption in app.caption if "Logistic Regression" in caption.value)
    assert "0,500" in best  # beside the baseline
    assert app.button(key="home_next").label == "Ver os cinco melhores"


def test_a_registered_model_leads_to_predicting(app: AppTest, tmp_path: Path) -> None:
    save_model(import_table(tmp_path))
    app.run()
    assert figures(app)[3] == "1"
    assert any("falha_v1" in text.value for text in app.markdown)
    assert app.button(key="home_next").label == "Fazer uma previsão"


def test_a_house_in_use_counts_its_predictions(app: AppTest, tmp_path: Path) -> None:
    frame = import_table(tmp_path)
    finish_comparison()
    save_model(frame)
    prediction.predict("falha_v1", frame[["temperatura"]].head(3), actor="Ana")
    app.run()
    assert not app.exception
    assert figures(app)[4] == "3"
    assert app.button(key="home_next").label == "Fazer uma previsão"


def test_models_in_quarantine_ask_for_a_decision(app: AppTest) -> None:
    folder = config.get_settings().models_dir
    folder.mkdir(parents=True)
    (folder / "antigo.pkl").write_bytes(b"not a pickle that anyone has signed")
    app.run()
    assert not app.exception
    assert app.button(key="home_next").label == "Conferir os modelos"


def test_a_database_that_does_not_answer_is_said_so(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent() -> list[datasets.Dataset]:
        raise StorageError("O banco de dados não respondeu.")

    monkeypatch.setattr(datasets, "list_datasets", silent)
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == ["O banco de dados não respondeu."]
    assert app.title[0].value == "Início"
