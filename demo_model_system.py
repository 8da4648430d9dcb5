"""Five-minute tour of the model store: save, list, load, predict. Leaves nothing behind.

Run it with ``make demo`` or ``python demo_model_system.py``.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

SEED = 42
ROWS_PER_STATE = 300
STATES = {
    # state: mean and deviation of lux, temperature in °C, vibration in mm/s
    "vazio": ((40.0, 60.0), (17.0, 3.5), (0.5, 0.4)),
    "escritório": ((320.0, 180.0), (22.0, 3.0), (1.2, 0.8)),
    "máquinas ligadas": ((250.0, 150.0), (28.0, 4.5), (3.4, 1.6)),
}
COLUMNS = ("lux", "temperatura", "vibracao")
SCENES = {
    "escura e fria": (5.0, 13.5, 0.2),
    "escritório": (380.0, 22.5, 1.3),
    "sala de máquinas": (230.0, 29.0, 3.2),
}


def readings() -> pd.DataFrame:
    """Return made-up readings of three sensors, with the state in which they were taken."""
    random = np.random.default_rng(SEED)
    tables = []
    for state, sensors in STATES.items():
        table = pd.DataFrame(
            {
                column: np.clip(random.normal(mean, deviation, ROWS_PER_STATE), 0, None)
                for column, (mean, deviation) in zip(COLUMNS, sensors, strict=True)
            }
        )
        tables.append(table.assign(estado=state))
    return pd.concat(tables, ignore_index=True)


def tour() -> None:
    """Walk through the store, saying what happens."""
    from src.utils import model_store

    print(f"\nModelos em {model_store.MODELS_DIR} (pasta temporária)\n")
    table = readings()
    train, test = train_test_split(
        table, test_size=0.25, random_state=SEED, stratify=table["estado"]
    )
    columns = list(COLUMNS)
    estimators: dict[str, ClassifierMixin] = {
        "regressao_logistica_v1": LogisticRegression(max_iter=1000),
        "floresta_v1": RandomForestClassifier(50, random_state=SEED),
        "gradiente_v1": GradientBoostingClassifier(n_estimators=30, random_state=SEED),
    }

    print("1. Treinar e salvar três modelos")
    for name, estimator in estimators.items():
        pipeline: Pipeline = make_pipeline(StandardScaler(), estimator)
        pipeline.fit(train[columns], train["estado"])
        accuracy = float(accuracy_score(test["estado"], pipeline.predict(test[columns])))
        metadata = {
            "accuracy": accuracy,
            "model_type": type(estimator).__name__,
            "target": "estado",
            "description": "Exemplo com leituras de sensores geradas aqui.",
        }
        entry = model_store.save_model(pipeline, name, metadata)
        print(f"   {name:<24} acurácia {accuracy:.3f}   {entry.size / 1024:7.1f} KiB   assinado")

    print("\n2. Listar, do mais novo ao mais antigo")
    for name, line in model_store.list_models().items():
        metadata = line["metadata"]
        print(f"   {name:<24} {metadata['model_type']:<28} {line['saved_at'][:19]} UTC")

    chosen = "floresta_v1"
    print(f"\n3. Carregar {chosen}; a assinatura é conferida antes de abrir")
    model = model_store.load_model(chosen)

    print("\n4. Prever três cenas")
    for scene, values in SCENES.items():
        row = pd.DataFrame([values], columns=columns)
        probabilities = dict(zip(model.classes_, model.predict_proba(row)[0], strict=True))
        measured = "lux {:g}, temperatura {:g} °C, vibração {:g} mm/s".format(*values)
        print(f"   {scene} ({measured})")
        print(f"      -> {model.predict(row)[0]}")
        for state, share in sorted(probabilities.items(), key=lambda item: -item[1]):
            print(f"         {state:<18} {share:6.1%} {'█' * round(20 * share)}")
    print("\nPronto. A pasta temporária foi apagada. Para usar de verdade: make run")


def main() -> None:
    """Run the tour in a folder of its own, the signing key included."""
    with tempfile.TemporaryDirectory(prefix="bancada-") as folder:
        # Before anything of src is imported, as settings are read once.
        os.environ["BANCADA_DATA_DIR"] = str(Path(folder) / "data")
        os.environ["BANCADA_MODELS_DIR"] = str(Path(folder) / "modelos_salvos")
        os.environ.pop("BANCADA_SIGNING_KEY", None)
        tour()


if __name__ == "__main__":
    main()
