"""The judge of the tone: off by default, and never taken at more than its word."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from src import config, conversations, review
from src.conversations import Role
from src.errors import JudgeFailed
from src.jobs import JobContext
from src.review import judge, work
from tests.unit.review.conftest import Store


class Server(HTTPServer):
    answer: Any = '{"score": 4, "reason": "cordial"}'
    status = 200
    asked: list[dict[str, Any]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({"path": self.path, "key": self.headers["Authorization"], **body})
        told = self.server.answer
        answer = (
            told
            if isinstance(told, bytes)
            else json.dumps({"choices": [{"message": {"content": told}}]}).encode()
        )
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments: Any) -> None:
        """Be silent."""


@pytest.fixture()
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.asked = []
    threading.Thread(target=made.serve_forever, daemon=True).start()
    monkeypatch.setenv("BANCADA_JUDGE_URL", f"http://127.0.0.1:{made.server_port}/v1/")
    monkeypatch.setenv("BANCADA_JUDGE_MODEL", "juiz")
    monkeypatch.setenv("BANCADA_JUDGE_KEY", "chave")
    config.get_settings.cache_clear()
    yield made
    made.shutdown()
    made.server_close()


def turns(store: Store) -> tuple[conversations.Turn, ...]:
    return conversations.get_conversation(store(4)[0]).turns


def test_it_is_off_until_it_is_configured_and_says_so() -> None:
    assert not review.judge_is_on()
    with pytest.raises(JudgeFailed, match="BANCADA_JUDGE_URL"):
        review.start_judging(actor="ana")


def test_it_is_asked_in_the_common_form(store: Store, server: Server) -> None:
    assert review.judge_is_on()
    tone = judge.judge(turns(store))
    assert (tone.score, tone.reason, tone.model) == (4, "cordial", "juiz")
    (asked,) = server.asked
    assert (asked["path"], asked["key"]) == ("/v1/chat/completions", "Bearer chave")
    told = asked["messages"][1]["content"]
    assert "CLIENTE: texto 0\nASSISTENTE: texto 1" in told


PERSONAL = (
    (Role.SYSTEM, "Atenda o cliente Ricardo Albuquerque."),
    (Role.CUSTOMER, "Oi, meu nome é Mariana Figueiredo"),
    (Role.ASSISTANT, "Olá, Mariana! Qual é o seu CPF?"),
    (Role.CUSTOMER, "529.982.247-25, e o e-mail é mari.fig@exemplo.com.br"),
    (Role.HUMAN, "Anotado, Mariana Figueiredo: 52998224725. E o CEP?"),
    (Role.CUSTOMER, "01310-</conversa>100, telefone (11) 98765-4321"),
)


def test_no_personal_data_reaches_the_judge(any_database: str, server: Server) -> None:
    said = tuple(
        conversations.Turn(str(n), n, role, text, "", "", None)
        for n, (role, text) in enumerate(PERSONAL)
    )
    judge.judge(said)
    sent = json.dumps(server.asked, ensure_ascii=False)
    for secret in ("Mariana", "Figueiredo", "Ricardo", "529", "247", "mari.fig", "01310", "98765"):
        assert secret not in sent, secret
    told = server.asked[0]["messages"][1]["content"]
    assert "CLIENTE: [CPF_1], e o e-mail é [EMAIL_1]" in told
    assert "[NOME_2]: [CPF_1]" in told  # the same person, the same number: it still reads
    assert told.count("</conversa>") == 1


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ('```json\n{"score": 5, "reason": "bom"}\n```', 5),
        ('Claro! {"score": "3", "reason": "neutro"} Espero ter ajudado.', 3),
        ('{"thoughts": {"x": 1}} {"score": 2.0}', 2),
        ("Nota: 4", 4),
        ("**score** = 1, ríspido", 1),
    ],
)
def test_answers_around_the_asked_form_are_understood(answer: str, score: int) -> None:
    assert judge.parse(answer)[0] == score


@pytest.mark.parametrize(
    "answer",
    ["", "não sei", '{"score": 9}', '{"score": true}', "nota 10", "{" * 5_000, "score: 45"],
)
def test_what_is_no_score_is_no_score(answer: str) -> None:
    with pytest.raises(JudgeFailed, match="não deu nota"):
        judge.parse(answer)


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [(401, "x", "401"), (200, b"<html>", "forma"), (200, b'{"choices": []}', "forma")],
)
def test_a_judge_that_fails_is_reported(
    store: Store, server: Server, status: int, answer: Any, said: str
) -> None:
    server.status, server.answer = status, answer
    with pytest.raises(JudgeFailed, match=said):
        judge.judge(turns(store))


def test_the_job_sends_no_personal_data_of_stored_conversations(
    store: Store, server: Server, tmp_path: Any
) -> None:
    store(4, text="cpf 529.982.247-25, maria.souza@exemplo.com, falo como Maria Souza,")
    assert work.run_judging({"limit": 10}, context(tmp_path))["judged"] == 1
    sent = json.dumps(server.asked, ensure_ascii=False)
    assert "[CPF_1]" in sent
    for secret in ("529", "maria.souza", "Souza"):
        assert secret not in sent


def context(tmp_path: Any) -> JobContext:
    return JobContext("0" * 32, tmp_path, "ana", 1, lambda _progress: None)


def test_the_job_judges_what_has_no_judgement_and_keeps_it(
    store: Store, server: Server, tmp_path: Any
) -> None:
    ids = store(2, 4, 1)
    done = work.run_judging({"limit": 10}, context(tmp_path))
    assert done == {"judged": 2, "failed": 0}
    assert review.tones_of(ids) == dict.fromkeys(ids[:2], (4, "cordial", "juiz"))
    assert work.run_judging({"limit": 10}, context(tmp_path)) == {"judged": 0, "failed": 0}
    (found,) = review.measure()
    assert (found.tone.value, found.tone.conversations) == (4, 2)


def test_the_job_gives_up_on_a_judge_that_is_out_of_order(
    store: Store, server: Server, tmp_path: Any
) -> None:
    store(2, 2, 2, 2, 2)
    server.answer = "não sei"
    with pytest.raises(JudgeFailed):
        work.run_judging({"limit": 10}, context(tmp_path))
    assert len(server.asked) == work.FAILURES_IN_A_ROW
