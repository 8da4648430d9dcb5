"""From the database to the files of a version: nothing of a person gets through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from src import conversations, finetuning
from src.conversations import NewConversation, NewFeedback, NewTurn, Role
from src.finetuning import sources, store
from src.finetuning.publishing import build


def stored(*said: tuple[Role, str], **more: Any) -> None:
    new = NewConversation(
        origin_id="1",
        turns=tuple(NewTurn(*turn) for turn in said),
        status="resolved",
        feedback=(NewFeedback("rating", "customer", "c", 5),),
        **more,
    )
    conversations.add([new], "loja", actor="ana")


def files(work: Path) -> str:
    """Build a version of all that is stored and return all its files as one text."""
    build(
        "bia",
        finetuning.Recipe(),
        candidates=sources.candidates(),
        redact=sources.redact,
        work=work,
        job_id="j",
        actor="ana",
        tell=lambda *_: None,
    )
    folder = store.folder_of("bia", 1)
    return "\n".join(file.read_text("utf-8") for file in folder.iterdir() if file.is_file())


def test_a_number_sent_in_two_messages_is_replaced(any_database: str, tmp_path: Path) -> None:
    stored(
        (Role.CUSTOMER, "meu cpf é 529.982."),
        (Role.CUSTOMER, "247-25"),
        (Role.CUSTOMER, "fone 11 98765"),
        (Role.CUSTOMER, "4321"),
        (Role.ASSISTANT, "Ok, anotado."),
    )
    text = files(tmp_path)
    assert "meu cpf é [CPF_1]\\nfone [TELEFONE_1]" in text
    assert "529.982" not in text
    assert "247-25" not in text


def test_what_stands_in_the_subject_or_the_topic_is_in_no_file(
    any_database: str, tmp_path: Path
) -> None:
    talk = ((Role.CUSTOMER, "Chegou quebrado"), (Role.ASSISTANT, "Vamos trocar."))
    stored(*talk, subject="Pedido da Maria Souza 11 98765-4321 cpf 529.982.247-25")
    text = files(tmp_path)
    assert '"topic":"Pedido da [NOME_1] [TELEFONE_1] cpf [CPF_1]"' in text
    for secret in ("Souza", "98765-4321", "529.982"):
        assert secret not in text


def test_a_subject_does_not_come_to_the_screen_as_a_topic_with_personal_data(
    any_database: str,
) -> None:
    stored((Role.CUSTOMER, "Oi"), subject="Pedido da Maria Souza 11 98765-4321")
    ((candidate, _fraction),) = sources.candidates()
    assert candidate.topic == "Pedido da [NOME_1] [TELEFONE_1]"


def test_a_topic_is_one_of_the_conversations_texts(any_database: str, tmp_path: Path) -> None:
    stored(
        (Role.CUSTOMER, "Meu zap é 11 98765-4321, falar com Xuxulino"),
        (Role.ASSISTANT, "Certo."),
        topic="xuxulino 11987654321",
        channel="zap 11 98765 4321",
        customer={"id": "k", "name": "Xuxulino"},
    )
    text = files(tmp_path)
    assert '"topic":"[NOME_1] [TELEFONE_1]"' in text
    assert '"channel":"zap [TELEFONE_1]"' in text


def test_a_customers_name_in_a_wrong_encoding_is_known_in_the_right_one() -> None:
    said = ("Oi, aqui é da loja", "Olá, xuxulão, seu pedido saiu")
    texts = sources.redact(said, ("XuxulÃ£o", "x@exemplo.com")).texts
    assert texts[1] == "Olá, [NOME_1], seu pedido saiu"
