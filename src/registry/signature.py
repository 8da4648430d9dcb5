"""Who made an artifact: HMAC-SHA256 over its bytes and everything the manifest says of it.

The key lies outside the models' folder (``BANCADA_SIGNING_KEY`` or a file in the data directory),
so that whoever can write models cannot sign them. A signature says that this installation saved or
trusted these very bytes under this very name; it says nothing about what the model does.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from src.config import get_settings
from src.errors import StorageError
from src.messages import N_
from src.persistence import create_secret

DOMAIN = b"bancada-model-1\n"
KEY_BYTES = 32


def load_key() -> bytes:
    """Return the signing key, making one on first use.

    Raises
    ------
    StorageError
        If the key can neither be read nor made, or is too short to be one.
    """
    settings = get_settings()
    if settings.signing_key:  # an empty one, as of an unset variable in a compose file, is none
        key = settings.signing_key.get_secret_value().encode()
        if len(key) < KEY_BYTES:
            raise StorageError(
                N_(
                    "A chave em BANCADA_SIGNING_KEY é curta demais para assinar modelos: tem "
                    "{length} bytes e precisa de pelo menos {needed}. Defina uma chave aleatória "
                    "mais longa, ou deixe a variável vazia para usar a da pasta de dados."
                ),
                length=len(key),
                needed=KEY_BYTES,
            )
        return key
    path = settings.data_dir / "signing.key"
    try:
        try:
            return _read(path)
        except FileNotFoundError:
            create_secret(path, secrets.token_hex(KEY_BYTES).encode())
            return _read(path)
    except OSError as error:
        raise StorageError(
            N_(
                "Não foi possível usar a chave de assinatura em {path} ({reason}). Confira as "
                "permissões da pasta de dados, ou defina BANCADA_SIGNING_KEY."
            ),
            path=str(path),
            reason=error.strerror or str(error),
        ) from error


def _read(path: Path) -> bytes:
    key = path.read_bytes().strip()
    if len(key) < KEY_BYTES:
        raise StorageError(
            N_(
                "A chave de assinatura em {path} está incompleta. Recoloque a cópia de segurança "
                "dela; sem a chave original, os modelos terão de ser autorizados de novo."
            ),
            path=str(path),
        )
    return key


def key_id(key: bytes) -> str:
    """Name a key without giving it away."""
    return hmac.new(key, b"bancada-key-id", hashlib.sha256).hexdigest()[:16]


def sign(manifest: Mapping[str, Any], key: bytes) -> str:
    """Return the signature of a manifest, which holds the artifact's SHA-256."""
    unsigned = {name: value for name, value in manifest.items() if name != "signature"}
    canonical = orjson.dumps(unsigned, option=orjson.OPT_SORT_KEYS)
    return hmac.new(key, DOMAIN + canonical, hashlib.sha256).hexdigest()


def verifies(manifest: Mapping[str, Any], key: bytes) -> bool:
    """Whether the manifest is exactly as it was signed with this key."""
    return hmac.compare_digest(str(manifest.get("signature", "")), sign(manifest, key))
