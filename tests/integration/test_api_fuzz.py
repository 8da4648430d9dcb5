"""The interface keeps what its OpenAPI document promises, whatever is sent to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from schemathesis.config import SchemathesisConfig
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import positive_data_acceptance

from src import access, config
from src.api import create_app

READ_KEY = "read-key"
EXAMPLES = 25


def without_limits() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("EVENTS", "READS"):
            patch.setenv(f"BANCADA_API_{name}_PER_MINUTE", "0")
        config.get_settings.cache_clear()
        app = create_app(access.Keys(READ_KEY, "write-key"))
    config.get_settings.cache_clear()
    return app


schema = schemathesis.openapi.from_asgi(
    "/openapi.json",
    without_limits(),
    config=SchemathesisConfig.from_dict(
        {
            "generation": {
                "deterministic": True,
                "no-shrink": True,
                "allow-extra-parameters": False,
            }
        }
    ),
)


@pytest.fixture(autouse=True, scope="module")
def served() -> Iterator[None]:
    yield
    asgi.shutdown_lifespans()


@pytest.fixture(autouse=True)
def connected(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without these the webhook says that it is not set up, with a 503."""
    for name in ("VERIFY_TOKEN", "APP_SECRET"):
        monkeypatch.setenv(f"BANCADA_WHATSAPP_{name}", "secret")
    config.get_settings.cache_clear()


@schema.parametrize()
@hypothesis(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
def test_no_request_breaks_a_promise(case: Any) -> None:
    """No 5xx; status, type, headers and body of every response as documented; bad data refused."""
    # Times that are plausible and budgets in order are more than a schema can say, so that data
    # which follows it may still be refused.
    case.call_and_validate(
        headers={"X-API-Key": READ_KEY}, excluded_checks=[positive_data_acceptance]
    )
