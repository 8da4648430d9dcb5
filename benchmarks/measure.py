"""How things are measured: medians of interleaved runs, peak memory of a family of processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
MIB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One figure of the table: what it is, what was measured, what it may be at most (or least)."""

    what: str
    figure: float
    limit: float
    unit: str
    detail: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit


def seconds(action: Callable[[], object]) -> float:
    """Return how long one call takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def interleaved(
    actions: Sequence[Callable[[], object]], *, repeats: int, warmup: int = 1
) -> list[list[float]]:
    """Time several actions in turn, so that a machine that slows down slows all of them.

    Returns
    -------
    list of list of float
        For each action its ``repeats`` times, in seconds.
    """
    for _ in range(warmup):
        for action in actions:
            action()
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(repeats):
        for collected, action in zip(times, actions, strict=True):
            collected.append(seconds(action))
    return times


def ratio(times: Sequence[float], reference: Sequence[float]) -> float:
    """Return the median of the ratios of runs made next to each other."""
    return statistics.median(a / b for a, b in zip(times, reference, strict=True))


def run_python(code: str, *arguments: str, env: dict[str, str] | None = None) -> str:
    """Run Python code in a fresh process and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout


def peak_memory(code: str, *arguments: str, env: dict[str, str] | None = None) -> tuple[int, float]:
    """Run Python code in a fresh process; return the family's peak memory and the time it took.

    Memory is the proportional set size (PSS) summed over the process and all its descendants,
    sampled every 50 ms: pages that processes share count once.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
    )
    peak = 0
    family = psutil.Process(process.pid)
    while process.poll() is None:
        peak = max(peak, _family_pss(family))
        time.sleep(0.05)
    if process.returncode:
        raise RuntimeError(f"the measured process ended with {process.returncode}")
    return peak, time.perf_counter() - started


def _family_pss(family: psutil.Process) -> int:
    total = 0
    try:
        members = [family, *family.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for member in members:
        try:
            total += member.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total
