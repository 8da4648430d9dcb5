"""Settings, read from the environment once.

Every name is prefixed with ``BANCADA_``: ``BANCADA_MODELS_DIR=/srv/models make run``.
The table in ``docs/settings.md`` lists them; a test holds the two together.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What can be set from outside, with its default."""

    model_config = SettingsConfigDict(env_prefix="BANCADA_", frozen=True)

    data_dir: Path = Field(
        PROJECT_ROOT / "data", description="databases, uploads, running jobs and the signing key"
    )
    models_dir: Path = Field(
        PROJECT_ROOT / "modelos_salvos", description="registered models and registry.json"
    )
    database_url: str | None = Field(
        None, description="operational database; by default SQLite in the data directory"
    )
    signing_key: SecretStr | None = Field(
        None,
        description="key for model signatures, at least 32 bytes; "
        "by default or if empty, a file made in the data directory",
    )
    language: Literal["pt_BR", "en"] = Field("pt_BR", description="interface language at the start")
    timezone: str = Field("America/Sao_Paulo", description="zone in which times are shown")
    actor: str = Field("", description="name recorded for actions when the person gave none")
    cache_seconds: int = Field(3600, ge=0, description="how long a table that was read is kept")
    job_workers: int = Field(2, ge=1, le=16, description="how many jobs run at once")
    candidate_workers: int = Field(
        0, ge=0, description="processes a comparison uses; 0 means one per processor core"
    )
    candidate_backend: str = Field("loky", description="joblib backend that runs the candidates")
    candidate_seconds: int = Field(600, ge=1, description="time limit of one candidate, in seconds")
    api_key: SecretStr | None = Field(
        None,
        description="key that reads from the HTTP interface; "
        "by default or if empty, a file made in the data directory",
    )
    write_key: SecretStr | None = Field(
        None,
        description="key that only sends events and feedback and may be public; "
        "by default or if empty, a file made in the data directory",
    )
    api_host: str = Field("127.0.0.1", description="address the HTTP interface listens on")
    api_port: int = Field(
        8000, ge=0, le=65535, description="its port; with 0 the dashboard does not start it"
    )
    api_url: str | None = Field(
        None, description="its public address, for pages that send events; by default host and port"
    )
    cors_origins: str | None = Field(
        None,
        description="origins whose pages may send events and feedback, with commas between, or *; "
        "by default any port of localhost",
    )
    api_events_per_minute: int = Field(
        600, ge=0, description="requests with events from one client address; 0 for no limit"
    )
    api_reads_per_minute: int = Field(
        300, ge=0, description="other requests from one client address; 0 for no limit"
    )
    alert_webhook_url: SecretStr | None = Field(
        None, description="address that is told by an HTTP POST when an alert fires or is over"
    )
    alert_seconds: int = Field(300, ge=1, description="seconds between two checks of the alerts")
    conversations_url: SecretStr | None = Field(
        None, description="PostgreSQL database of the assistant, from which conversations are read"
    )
    judge_url: str | None = Field(
        None,
        description="OpenAI-compatible address (…/v1) of the model that judges the tone; "
        "off by default",
    )
    judge_model: str = Field("", description="name of the model that judges the tone")
    judge_key: SecretStr | None = Field(None, description="key for the model that judges the tone")
    whatsapp_verify_token: SecretStr | None = Field(
        None, description="text with which Meta's webhook for WhatsApp is set up"
    )
    whatsapp_app_secret: SecretStr | None = Field(
        None,
        description="secret of the Meta app that signs WhatsApp's notifications; "
        "without it none is taken",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="the least severe record that is written"
    )
    log_format: Literal["console", "json"] = Field("console", description="form of log records")

    @property
    def resolved_database_url(self) -> str:
        """The operational database's SQLAlchemy URL."""
        if self.database_url:
            return _with_driver(self.database_url)
        return f"sqlite:///{self.data_dir / 'bancada.db'}"

    @property
    def resolved_api_url(self) -> str:
        """Where pages reach the HTTP interface, without a slash at the end."""
        host = f"[{self.api_host}]" if ":" in self.api_host else self.api_host
        return (self.api_url or f"http://{host}:{self.api_port}").rstrip("/")

    @property
    def tables_path(self) -> Path:
        """The SQLite file of the analyst's own tables."""
        return self.data_dir / "tabelas.db"


def _with_driver(url: str) -> str:
    """Name the PostgreSQL driver that is pinned, whatever short form the URL has."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings; ``get_settings.cache_clear()`` reads the environment again."""
    return Settings()
