"""Fill a data folder as version 0.1.0 did: run as a script by that version's own code.

The working directory and ``PYTHONPATH`` are the root of a checkout of 0.1.0, whose names these are;
``BANCADA_DATA_DIR`` and ``BANCADA_MODELS_DIR`` say where to, the argument where the files to import
are written. Two jobs are left in the queue.
"""

import datetime as dt
import json
import sys
from pathlib import Path

import joblib
from sklearn.tree import DecisionTreeClassifier

from src import (
    collection,
    conversations,
    datasets,
    features,
    finetuning,
    jobs,
    persistence,
    prediction,
    registry,
    review,
    training,
)
from src.config import get_settings
from src.conversations import NewConversation, NewFeedback, NewTurn, Role
from src.finetuning import Recipe
from src.jobs import store as queue
from src.jobs.worker import run
from src.review import Annotation, Criteria, Decision
from tests.collection_world import events, showings

FILES = Path(sys.argv[1])
AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
PHONES = (
    "(11) 98765-4321",
    "11 8765-4321",
    "+55 11 98765-4321",
    "(21) 3333-4444",
    "+1 415 555 2671",
)


def work_off() -> None:
    """Do what worker processes would, until nothing waits."""
    while job := queue.claim("house:1:0"):
        run(job, "house:1:0")
        ended = jobs.get(job.id)
        if ended.error:
            raise SystemExit(f"{ended.handler}: {ended.error}")


def fill_models() -> None:
    """A Brazilian table, a comparison, two models, one in the trash, one unsigned, a prediction."""
    path = FILES / "carros.csv"
    lines = [
        f"{n // 1000}.{n % 1000:03d};{n % 7},5;{'caro' if n < 5000 else 'barato'}"
        for n in range(1201, 9978, 43)
    ]
    path.write_text("\n".join(["km;nota;classe", *lines]), encoding="utf-8")
    cars = datasets.import_file(path, actor="ana")
    comparison = training.start_comparison(cars, "classe", folds=3, n_select=2, actor="ana")
    work_off()
    record = training.get_comparison(comparison)
    for number, candidate in enumerate(record.top_ids, 1):
        registry.save_model(
            training.load_pipeline(comparison, candidate),
            f"Carros v{number}",
            {"model_type": candidate, "metrics": record.leaderboard.loc[candidate].to_dict()},
            training_data=training.training_sample(comparison),
            target="classe",
            actor="ana",
        )
    registry.set_alias("Carros v1", registry.CHAMPION, actor="ana")
    stump = DecisionTreeClassifier().fit([[0.0], [1.0]], [0, 1])
    registry.save_model(stump, "apagado", {}, actor="ana")
    registry.delete_model("apagado", actor="ana")
    joblib.dump(stump, get_settings().models_dir / "antigo.pkl")
    answers = prediction.predict(
        "champion", datasets.load(cars).drop(columns="classe"), actor="bia"
    )
    (FILES / "answers.json").write_text(json.dumps(answers["prediction"].to_list()), "utf-8")


def fill_collection() -> None:
    """Events of a site, a table made of them, an export."""
    path = FILES / "user_interactions.json"
    path.write_text(json.dumps({"interactions": events(showings(120))}), encoding="utf-8")
    collection.import_json(path)
    features.start_build("whatsapp_contact", actor="ana")
    collection.start_export("csv", actor="ana")
    work_off()
    collection.check_alerts_if_due()


def fill_assistant() -> None:
    """Conversations of two sources, a half-worked queue, a data set with its surveys."""
    talks = [
        NewConversation(
            origin_id=f"c{number}",
            turns=tuple(
                NewTurn(
                    (Role.CUSTOMER, Role.ASSISTANT)[turn % 2],
                    f"Conversa {number}, fala {turn}: quanto custa o carro {number * 7 + turn}?",
                    at=AT + dt.timedelta(minutes=number, seconds=20 * turn),
                )
                for turn in range(4)
            ),
            customer={"phone": PHONES[number % 5], "name": f"Cliente {number}"},
            status="resolved",
            feedback=(NewFeedback("rating", "customer", f"r{number}", stars=1 + number % 5),),
        )
        for number in range(60)
    ]
    conversations.add(talks[:30], "loja", actor="ana")
    conversations.add(talks[30:], "site", actor="ana")
    review.set_criteria(Criteria(reviewers=1), actor="ana")
    review.start_refresh(actor="ana")
    work_off()
    for _ in range(8):
        claim = review.claim_next("rui")
        if claim is None:
            raise SystemExit("the queue is empty")
        review.submit(claim, Annotation(Decision.APPROVED))
    review.claim_next("rui")
    finetuning.start_survey(actor="ana")
    finetuning.start_build("bia", Recipe(), actor="ana")
    work_off()
    finetuning.start_validation("bia", 1, actor="ana")
    work_off()


def leave_unfinished() -> None:
    """Queue a comparison and a data set that nobody works off."""
    training.start_comparison("carros", "classe", folds=3, n_select=1, actor="ana")
    finetuning.start_build("bia", Recipe(), actor="ana")


if __name__ == "__main__":
    persistence.prepare()
    fill_models()
    fill_collection()
    fill_assistant()
    leave_unfinished()
