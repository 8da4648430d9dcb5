"""Who may send events and who may read them: two keys, from the settings or made here.

The write key goes into the pages of a public site, so it opens nothing but the way in. Both are
kept in the data directory, in files that only their owner may read.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from src.config import get_settings
from src.errors import StorageError
from src.messages import N_
from src.persistence import create_secret

KEY_BYTES = 24
READ_FILE, WRITE_FILE = "api-read.key", "api-write.key"


@dataclass(frozen=True)
class Keys:
    """The two keys.

    Parameters
    ----------
    read, write : str
        What reads everything, and what only sends events and feedback.
    made : tuple of str
        Names of the settings whose key was made just now, to be shown to a person once.
    """

    read: str
    write: str
    made: tuple[str, ...] = ()

    def may_read(self, key: str) -> bool:
        """Whether this is the read key; the time it takes says nothing about it."""
        return _same(key, self.read)

    def may_write(self, key: str) -> bool:
        """Whether this is one of the keys."""
        return _same(key, self.write) | _same(key, self.read)

    def is_write_key(self, key: str) -> bool:
        """Whether this is the key that may be public."""
        return _same(key, self.write)


def load_keys() -> Keys:
    """Return the keys, making those that are neither set nor there.

    Raises
    ------
    StorageError
        If a key file can neither be read nor made, or both keys are the same.
    """
    settings = get_settings()
    made: list[str] = []

    def load(name: str, given: SecretStr | None, file: str) -> str:
        path = settings.data_dir / file
        if given and given.get_secret_value():
            return given.get_secret_value()
        try:
            if not path.exists() and create_secret(path, secrets.token_urlsafe(KEY_BYTES).encode()):
                made.append(name)
            return _read(path)
        except OSError as error:
            raise StorageError(
                N_(
                    "Não foi possível usar a chave da API em {path} ({reason}). Confira as "
                    "permissões da pasta de dados, ou defina {name}."
                ),
                path=str(path),
                reason=error.strerror or str(error),
                name=name,
            ) from error

    read = load("BANCADA_API_KEY", settings.api_key, READ_FILE)
    write = load("BANCADA_WRITE_KEY", settings.write_key, WRITE_FILE)
    if read == write:
        raise StorageError(
            N_(
                "BANCADA_API_KEY e BANCADA_WRITE_KEY são iguais. A chave de escrita pode ser "
                "pública, e a de leitura não: defina duas chaves diferentes."
            )
        )
    return Keys(read, write, tuple(made))


def write_key() -> str | None:
    """Return the key for the pages of a site, or None while none has been set or made."""
    settings = get_settings()
    if settings.write_key and settings.write_key.get_secret_value():
        return settings.write_key.get_secret_value()
    try:
        return _read(settings.data_dir / WRITE_FILE)
    except (OSError, StorageError):
        return None


def _read(path: Path) -> str:
    key = path.read_text("ascii", errors="replace").strip()
    if not key:
        raise StorageError(
            N_(
                "O arquivo da chave da API {path} está vazio. Apague o arquivo para que outra "
                "chave seja feita, ou recoloque a cópia de segurança dele."
            ),
            path=str(path),
        )
    return key


def _same(given: str, key: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), key.encode())
