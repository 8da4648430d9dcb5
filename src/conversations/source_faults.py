"""Why the assistant's database did not answer, in words that say what to look at."""

from __future__ import annotations

import re

import psycopg

from src.errors import ConversationImportFailed
from src.messages import N_

_ADDRESS = N_(
    "O endereço do banco de origem não tem a forma que se espera: "
    "postgresql://usuário:senha@servidor:porta/banco. Corrija BANCADA_CONVERSATIONS_URL e reinicie."
)
_KNOWN = (
    (
        'database ".*" does not exist',
        N_(
            "O servidor responde, mas não tem o banco de origem. Confira o nome no fim de "
            "BANCADA_CONVERSATIONS_URL ({reason})."
        ),
    ),
    (
        'role ".*" does not exist|authentication failed|no password supplied',
        N_(
            "O banco de origem não aceita esse usuário ou essa senha. Confira os dois em "
            "BANCADA_CONVERSATIONS_URL ({reason})."
        ),
    ),
    (
        "permission denied",
        N_(
            "O usuário do banco de origem não pode ler as tabelas. Peça a quem cuida do banco o "
            "direito de leitura (SELECT) a customers, conversations e messages ({reason})."
        ),
    ),
    (
        "refused|time ?out|timed out|resolve|translate host|no route|unreachable",
        N_(
            "O servidor do banco de origem não responde. Confira se está ligado, e o nome e a "
            "porta em BANCADA_CONVERSATIONS_URL ({reason})."
        ),
    ),
)
_OTHER = N_(
    "O banco de origem não respondeu como se esperava. O que já tinha vindo foi gravado. Confira o "
    "endereço, a senha e a permissão de leitura ({reason})."
)


def failure(error: psycopg.Error, url: str) -> ConversationImportFailed:
    """Return what to say of an error; never with the address, which holds the password.

    A server that speaks another language than English is quoted under the general sentence.
    """
    if "connection info string" in str(error) or "percent-encoded" in str(error):
        return ConversationImportFailed(_ADDRESS)
    reason = " ".join(str(error).replace(url, "…").split())[:200]
    said = (text for sign, text in _KNOWN if re.search(sign, reason, re.IGNORECASE))
    return ConversationImportFailed(next(said, _OTHER), reason=reason)
