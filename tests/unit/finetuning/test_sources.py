"""Stored conversations, feedback and verdicts become candidates; personal data goes for good."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from src import conversations, finetuning, jobs, review
from src.conversations import NewConversation, NewTurn, Role
from src.finetuning import sources, store
from src.finetuning.model import Candidate
from src.finetuning.publishing import build
from src.finetuning.recipe import Recipe
from src.jobs import worker
from src.persistence import utc_now
from src.review import Annotation, Decision, Label, Problem, TurnNote

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def stored(
    name: str,
    *texts: str,
    customer: str = "k1",
    at: dt.datetime = AT,
    status: str = "resolved",
    roles: tuple[Role, ...] = (Role.CUSTOMER, Role.ASSISTANT),
    customer_name: str = "Ana Souza",
    **more: str,
) -> conversations.Conversation:
    """Store a conversation and return it as it is stored."""
    turns = tuple(
        NewTurn(roles[place % len(roles)], text, at=at + dt.timedelta(seconds=30 * place))
        for place, text in enumerate(texts)
    )
    new = NewConversation(
        origin_id=name,
        turns=turns,
        customer={"id": customer, "name": customer_name, "email": "ana.s@exemplo.com"},
        channel="site",
        status=status,
        topic="entrega",
        **more,  # type: ignore[arg-type]
    )
    conversations.add([new], "loja", actor="ana")
    (summary,) = (one for one in conversations.list_conversations().items if one.origin_id == name)
    return conversations.get_conversation(summary.id)


def run_queued() -> None:
    """Do what a worker process would: the oldest queued job."""
    job = jobs.store.claim("test:1:0")
    assert job is not None
    worker.run(job, "test:1:0")
    assert jobs.get(job.id).state is jobs.JobState.SUCCEEDED


def rate(one: conversations.Conversation, stars: int, **more: str) -> None:
    review.add_feedback(
        review.Opinion("rating", conversation=one.summary.id, stars=stars, **more), actor="api"
    )


def decide(one: conversations.Conversation, decision: Decision, *notes: TurnNote) -> None:
    review.enqueue(one.summary.id, reason="teste", actor="ana")
    claim = review.claim_next("bia")
    assert claim is not None
    review.submit(claim, Annotation(decision=decision, reason="porque sim", turns=notes))


def found() -> dict[str, Candidate]:
    return {candidate.id: candidate for candidate, _fraction in sources.candidates()}


def test_a_stored_conversation_comes_with_its_stars_and_verdict(any_database: str) -> None:
    one, two = stored("1", "Oi", "Olá"), stored("2", "Oi?", "Olá!", customer="k2", status="")
    rate(one, 5)
    decide(two, Decision.REJECTED)
    first, second = found()[one.summary.id], found()[two.summary.id]
    assert (first.stars, first.verdict, first.ended, first.flags) == (5.0, None, True, ())
    assert (second.stars, second.verdict) == (None, "rejected")
    assert (first.channel, first.topic, first.started_at) == ("site", "entrega", AT)
    assert [said.speaker for said in first.turns] == ["user", "assistant"]
    assert first.customer != second.customer
    assert {"Ana Souza", "ana.s@exemplo.com"} <= set(first.known)


def test_what_nobody_has_read_of_a_reviewed_conversation_is_left_out(any_database: str) -> None:
    one = stored("1", "Oi", "Olá")
    decide(one, Decision.APPROVED)
    grown = stored("1", "Oi", "Olá", "E a entrega?", "Nunca revisada.")
    assert len(grown.turns) == 4
    assert [said.text for said in found()[one.summary.id].turns] == ["Oi", "Olá"]


def test_every_role_is_taken_for_what_it_is(any_database: str) -> None:
    roles = (Role.CUSTOMER, Role.HUMAN, Role.SYSTEM, Role.TOOL, Role.OTHER)
    one = stored("1", "Oi", "Aqui é o João", "aviso", "{}", "?", roles=roles)
    speakers = [said.speaker for said in found()[one.summary.id].turns]
    assert speakers == ["user", "assistant", "system", "system", "unknown"]


def test_the_customers_stars_for_the_whole_come_before_all_others(any_database: str) -> None:
    one = stored("1", "Oi", "Olá")
    review.add_feedback(
        review.Opinion("reaction", turn=one.turns[1].id, positive=False), actor="api"
    )
    assert found()[one.summary.id].stars == 1.0
    rate(one, 4, source_id="a")
    assert found()[one.summary.id].stars == 4.0
    rate(one, 1, author="human", source_id="b")
    assert found()[one.summary.id].stars == 4.0


def test_a_corrected_answer_stands_in_and_its_problem_no_longer_counts(any_database: str) -> None:
    one = stored("1", "Entregam em Natal?", "Não", "E em Recife?", "Talvez")
    for turn in (one.turns[1], one.turns[3]):
        review.add_feedback(
            review.Opinion("problem", turn=turn.id, problem="wrong_information"), actor="api"
        )
    assert found()[one.summary.id].flags == ("wrong_information",)
    fixed = TurnNote(one.turns[1].id, Label.BAD, (Problem.WRONG,), "Entregamos em 5 dias.")
    also = TurnNote(one.turns[3].id, Label.BAD, (), "Sim, em 3 dias.")
    decide(one, Decision.APPROVED, fixed, also)
    candidate = found()[one.summary.id]
    assert (candidate.verdict, candidate.flags) == ("approved", ())
    assert [said.text for said in candidate.turns][1::2] == [
        "Entregamos em 5 dias.",
        "Sim, em 3 dias.",
    ]
    assert [said.corrected for said in candidate.turns] == [False, True, False, True]


def test_a_problem_that_nobody_corrected_stays(any_database: str) -> None:
    one = stored("1", "Oi", "Olá", "Preço?", "Não sei")
    decide(one, Decision.APPROVED, TurnNote(one.turns[3].id, Label.BAD, (Problem.TONE,)))
    assert found()[one.summary.id].flags == ("tone",)


def test_no_personal_data_is_in_any_file_of_the_version(tmp_path: Path) -> None:
    one = stored(
        "1",
        "Oi, aqui é a Ana, CPF 529.982.247-25, meu zap é (11) 98765-4321",
        "Oi, Ana! Confirmo o CPF 52998224725 e o e-mail ana.s@exemplo.com",
        "isso, e o CEP é 01310-100",
        "Anotado.",
    )
    rate(one, 5)
    found = build(
        "bia",
        Recipe(),
        candidates=sources.candidates(),
        redact=sources.redact,
        work=tmp_path,
        job_id="j",
        actor="ana",
        tell=lambda *_: None,
    )
    folder = store.folder_of("bia", found.version)
    for file in folder.iterdir():
        content = file.read_text("utf-8")
        for secret in ("529.982", "52998224725", "98765", "ana.s@", "01310", "Souza", "Ana"):
            assert secret not in content, (file.name, secret)
    (line,) = (
        json.loads(line)
        for name in finetuning.FILES
        for line in (folder / name).read_text("utf-8").splitlines()
    )
    first, second = (message["content"] for message in line["messages"][:2])
    assert "[CPF_1]" in first
    assert "[CPF_1]" in second
    assert finetuning.report("bia", 1).figures["examples"]["train.jsonl"] <= 1
    assert [one for one in finetuning.report("bia", 1).offences if one.check != "size"] == []
    assert "presidio-analyzer" in found.libraries


def test_the_assistants_name_stays_where_the_customer_has_another(tmp_path: Path) -> None:
    for number, (name, customer) in enumerate((("Ana Souza", "k1"), ("Bia Lima", "k2"))):
        texts = ("Oi, vi a Bella", "Sou a Bia, quer a Bella?", f"Sim, sou {name}", "Anotado.")
        one = stored(str(number), *texts, customer=customer, customer_name=name)
        rate(one, 5)
    recipe = Recipe("Você é a Bia. Indique a Bella.", not_personal=("Bia", "Bella"))
    finetuning.start_build("bia", recipe, actor="ana")
    run_queued()
    chats = [
        [message["content"] for message in line["messages"]]
        for name in finetuning.FILES
        for line in store.lines("bia", 1, name)
    ]
    other, same = sorted(chats, key=lambda chat: "NOME" in chat[2])
    assert other[1:4] == ["Oi, vi a Bella", "Sou a Bia, quer a Bella?", "Sim, sou [NOME_1]"]
    assert same[2:4] == ["Sou a [NOME_1], quer a Bella?", "Sim, sou [NOME_1]"]
    assert finetuning.get("bia").recipe.not_personal == ("Bia", "Bella")
    for report in (finetuning.report("bia", 1), finetuning.validate("bia", 1)):
        assert {check.id: check.result for check in report.checks}["personal_data"] == "ok"


def test_a_file_is_validated_with_the_names_that_are_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "de_fora.jsonl"
    chat = [
        {"role": "system", "content": "Você é a Bia."},
        {"role": "user", "content": "Oi"},
        {"role": "assistant", "content": "Sou a Bia."},
    ]
    path.write_text(json.dumps({"messages": chat}) + "\n", encoding="utf-8")
    told = [str(offence.reason) for offence in finetuning.validate_file(path).offences]
    assert len(told) == 2
    assert all("entre as palavras que não são dados pessoais" in reason for reason in told)
    assert finetuning.validate_file(path, not_personal=["Bia"]).offences == ()


def test_any_file_is_validated_and_personal_data_found_in_it(tmp_path: Path) -> None:
    path = tmp_path / "de_fora.jsonl"
    chat = [
        {"role": "user", "content": "meu cpf é 529.982.247-25"},
        {"role": "assistant", "content": "Obrigada."},
    ]
    path.write_text(json.dumps({"messages": chat}) + "\n", encoding="utf-8")
    (offence,) = finetuning.validate_file(path).offences
    assert (offence.file, offence.line, offence.check) == ("de_fora.jsonl", 1, "personal_data")


def test_the_last_month_is_measured_for_the_decision() -> None:
    now = utc_now()
    recent = stored("1", "Oi, tem frete?", "Tem sim.", "Quanto?", "Dez reais.", at=now)
    stored("2", "Oi", "Olá", customer="k2", at=now - dt.timedelta(days=40))
    rate(recent, 5)
    measured = finetuning.measure_usage(system_prompt="Seja breve.")
    assert (measured.conversations, measured.answers, measured.rated) == (1, 2, 1)
    assert measured.satisfaction == 1.0
    assert measured.usable is None
    assert measured.input_tokens > measured.output_tokens > 0
    without = finetuning.measure_usage()
    assert without.input_tokens < measured.input_tokens
    decision = finetuning.decide(
        conversations=measured.conversations,
        satisfaction=measured.satisfaction,
        rated=measured.rated,
        usable=measured.usable,
    )
    assert decision.recommendation == "not_now"


def test_nothing_stored_is_measured_as_nothing() -> None:
    assert finetuning.measure_usage() == finetuning.Usage(0, 0, 0.0, 0.0, None, 0, None)


@pytest.mark.parametrize("gone", ["origins.jsonl", "left_out.jsonl"])
def test_a_version_that_was_changed_is_not_called_intact(tmp_path: Path, gone: str) -> None:
    rate(stored("1", "Oi, tem frete?", "Tem sim."), 5)
    build(
        "bia",
        Recipe(),
        candidates=sources.candidates(),
        redact=sources.redact,
        work=tmp_path,
        job_id="j",
        actor="ana",
        tell=lambda *_: None,
    )
    assert {c.id: c.result for c in finetuning.validate("bia", 1).checks}["intact"] == "ok"
    (store.folder_of("bia", 1) / gone).unlink()
    intact = finetuning.validate("bia", 1).checks[0]
    assert (intact.id, intact.result) == ("intact", "error")
    assert gone in str(intact.measured)


def test_whether_the_source_tells_times_is_known(any_database: str) -> None:
    stored("1", "Oi", "Olá")
    new = NewConversation(origin_id="2", turns=(NewTurn(Role.CUSTOMER, "Oi"),))
    conversations.add([new], "loja", actor="ana")
    assert sorted(candidate.timed for candidate in found().values()) == [False, True]
