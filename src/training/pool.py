"""Assignments run in parallel processes; what crashes or hangs fails alone.

Each assignment leaves two files in the work folder: one when it starts, one with its outcome. When
a process dies (a crash in native code, the kernel's out-of-memory killer, the hard time limit),
joblib loses everything in flight. The files tell who had started: a single suspect is guilty,
several run again one at a time. They also let a comparison that was killed go on where it was.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import joblib
from joblib.externals.loky.process_executor import BrokenProcessPool

from src.config import get_settings
from src.errors import BancadaError, TrainingError
from src.logs import get_logger
from src.messages import N_, Message
from src.training import workfiles

IDLE_SECONDS = 3600
"""How long worker processes without work are kept warm."""

MAX_LOST_ROUNDS = 3
"""How often the pool may die before anything has started."""

MAX_KILLED_ATTEMPTS = 2
"""An assignment in whose course the whole comparison died so often is not tried again."""

log = get_logger(__name__)


class _TimeUp(BaseException):
    """The time limit; not an ``Exception``, so that no estimator catches it."""


def workers(count: int | None = None) -> int:
    """Return how many processes a comparison uses: ``count``, the setting, or one per core."""
    return count or get_settings().candidate_workers or joblib.cpu_count()


def run(
    assignments: Mapping[str, Callable[[], Any]],
    *,
    folder: Path,
    seconds: float,
    count: int | None = None,
    attempt: int = 1,
    modules: Sequence[str] = (),
) -> Iterator[tuple[str, Any]]:
    """Run assignments in parallel and yield each outcome the moment it is there.

    Parameters
    ----------
    assignments : mapping
        What to call, by a key that is also a file name; started in this order.
    folder : Path
        Work folder. Outcomes found there from an earlier attempt are yielded at once.
    seconds : float
        Time limit of one assignment.
    count : int, optional
        Processes; by default the setting.
    attempt : int
        Number of the job's attempt. One that was put back in order has the same number again, and
        what was in flight then is not suspected of a crash.
    modules : sequence of str
        What a process loads before the time of its first assignment begins: on a busy machine a
        large library takes as long as a small limit.

    Yields
    ------
    tuple of (str, object)
        Key and outcome; a :class:`Message` says why an assignment failed.

    Raises
    ------
    TrainingError
        If the processes cannot be kept alive.
    """
    records = _Records(folder, attempt)
    waiting = dict(assignments)
    suspects: dict[str, Callable[[], Any]] = {}
    for key in list(waiting):
        if records.is_done(key):
            del waiting[key]
            yield key, records.outcome(key)
        elif attempts := records.killed_attempts(key):
            suspects[key] = waiting.pop(key)
            if attempts >= MAX_KILLED_ATTEMPTS:
                del suspects[key]
                outcome = Message(
                    N_("O processo caiu duas vezes neste candidato, em geral por falta de memória.")
                )
                records.keep(key, outcome)
                yield key, outcome
    lost_rounds = 0
    while waiting:
        try:
            for key, outcome in _parallel(waiting, records, seconds, count, modules):
                del waiting[key]
                yield key, outcome
        except BrokenProcessPool:
            done, guilty, unclear = _after_a_crash(waiting, records, seconds)
            log.warning("pool_broke", guilty=guilty, suspects=unclear)
            for key in done:
                del waiting[key]
                yield key, records.outcome(key)
            for key in guilty:
                del waiting[key]
                yield key, records.convict(key, seconds)
            for key in unclear:
                suspects[key] = waiting.pop(key)
            lost_rounds += not (done or guilty or unclear)
            if lost_rounds >= MAX_LOST_ROUNDS:
                raise TrainingError(
                    N_(
                        "Os processos de treino caem assim que começam, em geral por falta de "
                        "memória. Feche outros programas ou treine com menos linhas."
                    )
                ) from None
    for key, function in suspects.items():
        try:
            yield from list(_parallel({key: function}, records, seconds, count, modules))
        except BrokenProcessPool:
            yield key, records.convict(key, seconds)


def warm_up(modules: Sequence[str]) -> None:
    """Start the worker processes and import modules in each."""
    with _configured(None) as parallel:
        list(parallel(joblib.delayed(_warm_up)(modules) for _ in range(workers() * 2)))


def _warm_up(modules: Sequence[str]) -> None:
    _load(modules)
    time.sleep(0.2)  # long enough that the other workers get one as well


def _load(modules: Sequence[str]) -> None:
    for name in modules:
        importlib.import_module(name)


@contextlib.contextmanager
def _configured(wanted: int | None) -> Iterator[joblib.Parallel]:
    backend = get_settings().candidate_backend
    options: dict[str, Any] = {}
    if backend == "loky":
        options = {"inner_max_num_threads": 1, "idle_worker_timeout": IDLE_SECONDS}
    count = workers(wanted)
    # joblib would run a single worker's tasks in this very process, where a crash takes
    # everything; two processes of which one gets work keep it apart.
    with joblib.parallel_config(backend, n_jobs=max(2, count), **options):
        yield joblib.Parallel(
            return_as="generator_unordered",
            batch_size=1,
            pre_dispatch=1 if count == 1 else 2 * count,
            max_nbytes=None,
        )


def _parallel(
    assignments: Mapping[str, Callable[[], Any]],
    records: _Records,
    seconds: float,
    count: int | None,
    modules: Sequence[str],
) -> Iterator[tuple[str, Any]]:
    home = os.getpid()
    with _configured(count) as parallel:
        yield from parallel(
            joblib.delayed(_call)(key, function, records, seconds, home, modules)
            for key, function in list(assignments.items())
        )


def _call(
    key: str,
    function: Callable[[], Any],
    records: _Records,
    seconds: float,
    home: int,
    modules: Sequence[str],
) -> tuple[str, Any]:
    """Run one assignment in a worker process, within its time."""
    _load(modules)
    records.start(key)
    try:
        with _limited(seconds, records.trace(key), alone=os.getpid() != home):
            outcome = function()
    except _TimeUp:
        outcome = time_limit_message(seconds)
    except MemoryError:
        outcome = Message(N_("Faltou memória. Tente com menos linhas ou menos colunas."))
    except BancadaError as error:
        outcome = error.message
    except Exception as error:  # noqa: BLE001 - whatever an estimator raises is its own failure
        outcome = Message(
            N_("O ajuste falhou: {kind}: {reason}"),
            {"kind": type(error).__name__, "reason": str(error).strip()[:300]},
        )
    records.keep(key, outcome)
    return key, outcome


def time_limit_message(seconds: float) -> Message:
    """Say that a candidate took too long."""
    return Message(
        N_(
            "Passou do limite de {seconds} s por candidato. Treine com menos linhas ou aumente "
            "BANCADA_CANDIDATE_SECONDS."
        ),
        {"seconds": seconds},
    )


@contextlib.contextmanager
def _limited(seconds: float, trace: Path, *, alone: bool) -> Iterator[None]:
    """Raise ``_TimeUp`` after ``seconds``; end the process if that is not heard."""
    if not alone:  # a backend of threads: neither signals nor ending the process are possible
        yield
        return

    def stop(_signal: int, frame: FrameType | None) -> None:
        if _is_importing(frame):  # a module left half-way would be broken for all that follow
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            return
        raise _TimeUp

    previous = signal.signal(signal.SIGALRM, stop)
    with trace.open("w") as file:
        # Native code that never returns to Python hears no signal: its process is ended.
        faulthandler.dump_traceback_later(_hard_limit(seconds), exit=True, file=file)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
            faulthandler.cancel_dump_traceback_later()


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_globals.get("__name__") != "importlib._bootstrap":
        frame = frame.f_back
    return frame is not None


def _hard_limit(seconds: float) -> float:
    return seconds + max(1.0, seconds * 0.1)


def _after_a_crash(
    waiting: Mapping[str, Any], records: _Records, seconds: float
) -> tuple[list[str], list[str], list[str]]:
    """Sort those in flight: finished, certainly guilty, perhaps guilty."""
    done = [key for key in waiting if records.is_done(key)]
    started = [key for key in waiting if key not in done and records.has_started(key)]
    late = [key for key in started if records.age(key) >= seconds]
    guilty = late or (started if len(started) == 1 else [])
    for key in started:
        if key not in guilty:
            records.forget(key)
    # With someone over the limit the others are innocent and simply run again.
    return done, guilty, [] if guilty else started


class _Records:
    """The files that assignments leave."""

    def __init__(self, folder: Path, attempt: int) -> None:
        self.folder = folder
        self.attempt = attempt
        folder.mkdir(parents=True, exist_ok=True)

    def start(self, key: str) -> None:
        previous = self.killed_attempts(key)
        workfiles.write(
            {"at": time.time(), "attempts": previous + 1, "of": self.attempt}, self._started(key)
        )

    def has_started(self, key: str) -> bool:
        return self._started(key).exists()

    def killed_attempts(self, key: str) -> int:
        if not self.has_started(key):
            return 0
        started = workfiles.read(self._started(key))
        return int(started["attempts"]) - (started["of"] == self.attempt)

    def age(self, key: str) -> float:
        return time.time() - float(workfiles.read(self._started(key))["at"])

    def forget(self, key: str) -> None:
        self._started(key).unlink(missing_ok=True)

    def keep(self, key: str, outcome: Any) -> None:
        workfiles.write(outcome, self._done(key))
        self.forget(key)

    def is_done(self, key: str) -> bool:
        return self._done(key).exists()

    def outcome(self, key: str) -> Any:
        return workfiles.read(self._done(key))

    def convict(self, key: str, seconds: float) -> Message:
        if self.has_started(key) and self.age(key) >= seconds:
            outcome = time_limit_message(seconds)
        else:
            outcome = Message(
                N_(
                    "O processo caiu durante este candidato: erro em código nativo ou falta de "
                    "memória. Os outros candidatos seguiram."
                )
            )
        self.keep(key, outcome)
        return outcome

    def trace(self, key: str) -> Path:
        return self.folder / f"{key}.trace"

    def _started(self, key: str) -> Path:
        return self.folder / f"{key}.started"

    def _done(self, key: str) -> Path:
        return self.folder / f"{key}.done"
