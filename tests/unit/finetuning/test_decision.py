"""Whether to fine-tune: the cost model, the criteria and the alternatives."""

from __future__ import annotations

import math

import pytest

from src import finetuning
from src.errors import FinetuningError
from src.finetuning import Assumptions, Decision, decide

CURRENT = (10_000, 500, 300, 0.03, 0.06)
TUNED = (10_000, 400, 250, 0.012, 0.016)
EVERYTHING_FOR = {
    "conversations": 2_000,
    "current_cost": 800,
    "projected_cost": 250,
    "satisfaction": 0.7,
    "rated": 400,
    "team": True,
    "usable": 1_200,
}


def verdicts(decision: Decision) -> dict[str, str]:
    return {criterion.id: criterion.verdict for criterion in decision.criteria}


def test_the_documented_case_costs_330_then_88_and_saves_242() -> None:
    before, after = finetuning.monthly_cost(*CURRENT), finetuning.monthly_cost(*TUNED)
    assert before == pytest.approx(330)
    assert after == pytest.approx(88)
    decision = decide(current_cost=before, projected_cost=after)
    assert decision.monthly_saving == pytest.approx(242)
    assert decision.saving_share == pytest.approx(0.733, abs=0.001)


def test_the_documented_payback_is_of_the_saving_before_upkeep() -> None:
    decision = decide(current_cost=330, projected_cost=88)
    assert decision.investment == pytest.approx((800, 1_800))  # R$ 4,000 to 9,000 at 5.00
    assert decision.payback is not None
    assert decision.payback.fastest == pytest.approx(3.31, abs=0.01)
    assert decision.payback.slowest == pytest.approx(7.44, abs=0.01)
    assert decision.payback_net is not None
    assert decision.payback_net.fastest == pytest.approx(800 / 217)
    assert decision.payback_net.slowest == pytest.approx(1_800 / 192)


def test_what_fine_tuning_saves_beyond_a_smaller_model_is_told() -> None:
    decision = decide(current_cost=330, projected_cost=88)
    assert decision.beyond_smaller_model == pytest.approx((11, 44))


def test_no_saving_is_never_paid_back() -> None:
    decision = decide(current_cost=100, projected_cost=120)
    assert decision.monthly_saving == pytest.approx(-20)
    assert decision.payback == finetuning.Payback(None, None)
    slow = decide(current_cost=100, projected_cost=60)  # the upkeep may take all of it
    assert slow.payback_net is not None
    assert slow.payback_net.fastest == pytest.approx(800 / 15)
    assert slow.payback_net.slowest is None


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("value", [-1, math.nan, math.inf, True, "500"])
def test_a_cost_is_not_computed_from_impossible_figures(place: int, value: object) -> None:
    figures: list[object] = list(CURRENT)
    figures[place] = value
    with pytest.raises(FinetuningError):
        finetuning.monthly_cost(*figures)  # type: ignore[arg-type]


def test_training_reads_every_token_once_an_epoch() -> None:
    assert finetuning.training_cost(1_000_000, 0.008, 3) == pytest.approx(24)


def test_all_five_criteria_for_recommend_it() -> None:
    decision = decide(**EVERYTHING_FOR)  # type: ignore[arg-type]
    assert set(verdicts(decision).values()) == {"for"}
    assert decision.recommendation == "implement"


@pytest.mark.parametrize(
    ("changed", "criterion"),
    [
        ({"conversations": 499}, "volume"),
        ({"current_cost": 199.99}, "cost"),
        ({"satisfaction": 0.95}, "quality"),
        ({"team": False}, "team"),
        ({"usable": 499}, "data"),
    ],
)
def test_one_criterion_against_is_enough_to_wait(changed: dict[str, float], criterion: str) -> None:
    decision = decide(**(EVERYTHING_FOR | changed))  # type: ignore[arg-type]
    assert [name for name, verdict in verdicts(decision).items() if verdict == "against"] == [
        criterion
    ]
    assert decision.recommendation == "not_now"


@pytest.mark.parametrize(
    ("changed", "criterion"),
    [
        ({"conversations": 500}, "volume"),
        ({"conversations": 1_000}, "volume"),
        ({"conversations": None}, "volume"),
        ({"current_cost": 200}, "cost"),
        ({"current_cost": 500}, "cost"),
        ({"satisfaction": None}, "quality"),
        ({"satisfaction": 0.8, "rated": 20}, "quality"),  # 58 % to 92 %: either side of 85 %
        ({"satisfaction": 1.0, "rated": 0}, "quality"),
        ({"team": None}, "team"),
        ({"usable": 500}, "data"),
        ({"usable": None}, "data"),
    ],
)
def test_what_is_between_the_limits_or_unknown_stays_open(
    changed: dict[str, float], criterion: str
) -> None:
    decision = decide(**(EVERYTHING_FOR | changed))  # type: ignore[arg-type]
    assert verdicts(decision)[criterion] == "undecided"
    assert decision.recommendation == "collect"


def test_nothing_known_decides_nothing_and_says_so() -> None:
    decision = decide()
    assert decision.recommendation == "collect"
    assert {str(criterion.measured) for criterion in decision.criteria} == {"não informado"}
    assert all(alternative.fits is None for alternative in decision.alternatives)
    assert decision.payback is None


def test_alternatives_have_their_savings_hours_and_payback() -> None:
    found = {other.id: other for other in decide(current_cost=330).alternatives}
    assert found["prompts"].monthly_saving == pytest.approx((66, 99))
    assert found["smaller_model"].monthly_saving == pytest.approx((198, 231))
    assert found["retrieval"].monthly_saving == (0, 0)
    assert found["prompts"].hours == (5, 10)
    assert found["retrieval"].hours == (10, 15)
    smaller = found["smaller_model"].payback
    assert smaller is not None
    assert smaller.fastest == pytest.approx(100 / 231)
    assert smaller.slowest == pytest.approx(300 / 198)
    assert found["retrieval"].payback == finetuning.Payback(None, None)


def test_an_alternative_fits_by_what_was_measured() -> None:
    def fits(**given: object) -> dict[str, bool | None]:
        decision = decide(**given)  # type: ignore[arg-type]
        return {other.id: other.fits for other in decision.alternatives}

    assert fits(conversations=100)["prompts"] is True
    assert fits(**EVERYTHING_FOR)["prompts"] is False
    assert fits(wrong_facts=True)["retrieval"] is True
    assert fits(satisfaction=0.95, rated=400)["smaller_model"] is True
    assert fits(satisfaction=0.5, rated=400)["smaller_model"] is False


@pytest.mark.parametrize(
    "assumptions",
    [
        Assumptions(hours=(60, 40)),
        Assumptions(exchange_rate=0),
        Assumptions(upkeep=(-1, 5)),
    ],
)
def test_impossible_assumptions_are_refused(assumptions: Assumptions) -> None:
    with pytest.raises(FinetuningError):
        decide(current_cost=330, projected_cost=88, assumptions=assumptions)


@pytest.mark.parametrize("satisfaction", [-0.1, 1.1, 85])
def test_a_share_is_from_0_to_1(satisfaction: float) -> None:
    with pytest.raises(FinetuningError):
        decide(satisfaction=satisfaction, rated=10)


@pytest.mark.parametrize(
    ("figure", "name", "against", "undecided", "favour"),
    [
        ("conversations", "volume", 499, (500, 1_000), 1_001),
        ("current_cost", "cost", 199, (200, 500), 501),
        ("usable", "data", 499, (500, 999), 1_000),
    ],
)
def test_a_criterion_turns_at_its_limits(
    figure: str, name: str, against: float, undecided: tuple[float, float], favour: float
) -> None:
    def verdict(value: float) -> str:
        return verdicts(decide(**{figure: value}))[name]  # type: ignore[arg-type]

    assert verdict(against) == "against"
    assert [verdict(value) for value in undecided] == ["undecided"] * 2
    assert verdict(favour) == "for"


def test_what_was_measured_is_told_to_the_cent() -> None:
    (cost,) = (one for one in decide(current_cost=330.126).criteria if one.id == "cost")
    assert cost.measured.params == {"value": 330.13}


@pytest.mark.parametrize(("saving", "months"), [(-0.5, None), (0, None), (0.5, 1_600), (800, 1)])
def test_any_saving_pays_back_one_day_and_none_never(saving: float, months: float | None) -> None:
    assert finetuning.payback((800, 800), (saving, saving)) == finetuning.Payback(months, months)


def test_the_saving_pays_at_best_and_at_worst() -> None:
    assert finetuning.payback((100, 300), (10, 20)) == finetuning.Payback(5, 30)
