"""What the workers have to do in tests: the house's duties in part, or what only tests ask for."""

from __future__ import annotations

from dataclasses import replace

from src.house import DUTIES
from src.jobs import Duties

ASKED_FOR = replace(DUTIES, prepared=(), periodic=())
PREPARED = replace(DUTIES, periodic=())
ON_SCHEDULE = replace(DUTIES, prepared=())

HANDLERS = "tests.integration.job_handlers"
TRIALS = Duties(
    {
        f"trials.{name}": f"{HANDLERS}:{name}"
        for name in (
            "add",
            "always_crash",
            "count_slowly",
            "fail_clearly",
            "fail_unexpectedly",
            "ignore_cancellation",
        )
    }
)
SLOW = Duties(
    {**TRIALS.handlers, "trials.where": "tests.integration.slow_preload:where"}, ("trials.where",)
)
FAILING = replace(
    TRIALS, periodic=(f"{HANDLERS}:fail_always", f"{HANDLERS}:leave_a_mark", "nowhere:at_all")
)
