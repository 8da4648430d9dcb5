"""A log that cannot be written stops nothing."""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Iterator

import pytest
import structlog

from src.logs import configure_logs, get_logger


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    yield
    structlog.reset_defaults()


class Stream(io.StringIO):
    error: Exception | None = None

    def write(self, text: str) -> int:
        if self.error:
            raise self.error
        return super().write(text)


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left"), BrokenPipeError(), ValueError("closed file")],
    ids=["full disk", "reader gone", "closed"],
)
def test_what_cannot_be_logged_is_lost_and_what_comes_later_is_not(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    stream = Stream()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logs()
    log = get_logger("x")
    log.info("before")
    stream.error = error
    log.info("lost")
    stream.error = None
    log.info("after", figure=1)
    lines = stream.getvalue().splitlines()
    assert [line.split()[3] for line in lines] == ["before", "after"]
    assert "figure=1" in lines[1]
