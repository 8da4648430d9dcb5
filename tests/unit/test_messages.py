"""Messages and errors keep the sentence and its values apart, and survive a process border."""

from __future__ import annotations

import json
import pickle

from src.errors import DuplicateModelName, TrainingError
from src.messages import Message


def test_a_message_survives_json_with_messages_inside_it() -> None:
    message = Message("{what} em {n} linhas", {"what": Message("Erro {k}", {"k": 2}), "n": 3})
    again = Message.from_dict(json.loads(json.dumps(message.to_dict())))
    assert str(again) == "Erro 2 em 3 linhas"


def test_an_error_survives_pickling_with_its_values() -> None:
    error = pickle.loads(pickle.dumps(TrainingError("A coluna {column} falta.", column="lux")))
    assert isinstance(error, TrainingError)
    assert str(error) == "A coluna lux falta."


def test_an_error_with_a_suggestion_survives_pickling() -> None:
    error = pickle.loads(
        pickle.dumps(DuplicateModelName("{name} existe.", name="a", suggestion="a 2"))
    )
    assert error.suggestion == "a 2"
