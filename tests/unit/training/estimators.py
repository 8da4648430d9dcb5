"""Candidates that misbehave, each in its own way."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin


class Base(ClassifierMixin, BaseEstimator):
    def fit(self, X: Any, y: Any) -> Base:
        self.classes_ = np.unique(y)
        self.misbehave()
        return self

    def predict(self, X: Any) -> np.ndarray:
        return np.full(len(X), self.classes_[0])

    def misbehave(self) -> None:
        """Nothing, here."""


class Exits(Base):
    def misbehave(self) -> None:
        os._exit(3)


class Segfaults(Base):
    def misbehave(self) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)


class Sleeps(Base):
    def misbehave(self) -> None:
        time.sleep(600)


class Hangs(Base):
    """As native code that never comes back to Python: no signal is heard."""

    def misbehave(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(600)


class FailsOnManyRows(Base):
    """Takes the folds, but not the whole table."""

    def fit(self, X: Any, y: Any) -> Base:
        if len(X) > 250:
            raise MemoryError
        return super().fit(X, y)


class ScoresNothing(Base):
    """Knows the classes, but its scores are no numbers."""

    def decision_function(self, X: Any) -> np.ndarray:
        return np.full(len(X), np.nan)


class Raises(Base):
    def misbehave(self) -> None:
        raise ValueError("não sei ajustar isto")


class RunsOutOfMemory(Base):
    def misbehave(self) -> None:
        raise MemoryError
