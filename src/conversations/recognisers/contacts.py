"""E-mail addresses, also spelt out, and Pix keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.conversations.recognisers.base import (
    LIKELY,
    ONLY_IF_ASKED,
    SURE,
    THRESHOLD,
    Found,
    Recogniser,
)
from src.conversations.recognisers.documents import Cnpj, Cpf
from src.conversations.recognisers.lines import over_lines
from src.conversations.recognisers.phones import Phone

_PROVIDERS = r"(?:gmail|hotmail|outlook|yahoo|icloud|live|bol|uol|terra|globo|ig|msn|protonmail)"
_EMAIL = re.compile(
    rf"""(?<![\w.+\-])
    [\w][\w.+\-']{{0,63}}
    (?:
        @(?:[^\W_][\w\-]{{0,62}}[.,])+[^\W\d_]{{2,24}}     # maria@gmail.com, maria@gmail,com
      | \ @\ ?(?:[^\W_][\w\-]{{0,62}}\.)+[^\W\d_]{{2,24}}
      | @\ (?:[^\W_][\w\-]{{0,62}}\.)+[^\W\d_]{{2,24}}
      | @{_PROVIDERS}(?:\ ?[.,]\ ?com(?:\ ?\.\ ?br)?)?     # maria@gmail
      | \ ?@\ ?{_PROVIDERS}\ ?[.,]\ ?com(?:\ ?\.\ ?br)?   # maria @ gmail . com
      | \ ?@\ ?[^\W_][\w\-]{{0,62}}\ \.\ (?:com|net|org|adv|gov)(?:\ \.\ br)?
    )(?![\w@])(?!-\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_SPELT = re.compile(
    rf"""(?<![\w.+\-])
    [\w][\w.+\-]{{0,63}}(?:\ (?:ponto|underline|underscore|tra[çc]o
        |h[íi]fen)\ [\w.+\-]{{1,40}}){{0,4}}
    \ ?(?:\ arroba\ |[\[(]\ ?(?:at|arroba)\ ?[\])])\ ?
    (?:
        [\w\-]{{2,63}}(?:(?:\ ponto\ |\ ?\.\ ?|\ ?[\[(]\ ?(?:dot
        |ponto)\ ?[\])]\ ?)[\w\-]{{2,24}}){{1,3}}
      | {_PROVIDERS}(?:\ com)?
    )(?![\w@])""",
    re.VERBOSE | re.IGNORECASE,
)
_UUID = re.compile(
    r"""(?<![0-9A-Za-z\-])
    [0-9a-f]{8}-?\ ?[0-9a-f]{4}-?\ ?[0-9a-f]{4}-?\ ?[0-9a-f]{4}-?\ ?[0-9a-f]{12}
    (?![0-9A-Za-z\-])""",
    re.VERBOSE | re.IGNORECASE,
)
_PIX = re.compile(r"(?<![^\W_])(?:pix|chave)(?![^\W_])", re.IGNORECASE)

_LINKS = r"""(?<![^\W_])(?:[ée]|eh|s[ãa]o|seria|ser[áa]|fica|est[áa]|t[áa]|para|pra|pro|p|no|na
        |nesse|nessa
    |neste|nesta|esse|essa|este|esta|isso|a[íi]|segue|abaixo|aqui|o|a|do|da|de|em|meu|minha|dele
        |dela|deles
    |nosso|nossa|seu|sua|por|pelo|pela|via|com|usa|usar|use|manda|mandar|mande|envia|enviar|faz
        |fazer
    |tipo|mesmo|mesma|ent[ãa]o|cpf|cnpj|e-?mail|celular|cel|telefone|tel|fone|whats|whatsapp|zap
        |n[úu]mero
    |chave|pix|aleat[óo]ria|cadastrad[ao]|conta|loja|empresa|marido|esposa|filho|filha|m[ãa]e|pai
    )(?![^\W_])"""
_KEY_FOLLOWS = re.compile(
    rf"""(?<![^\W_])(?:
        (?:chave|pix\s+(?:[ée]|eh))(?![^\W_])(?:[\s:=\->(),]|{_LINKS})*
      | (?:pix|chave\s+aleat[óo]ria)(?![^\W_])(?:[\s:=\->()]|{_LINKS})*
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_SENTENCE = re.compile(r"[?!;\n]|\.\s")
_KEY_BEFORE = re.compile(
    r"""[\s,)]*(?:-\s*)?(?:
        \((?:chave\s+)?(?:do\s+)?pix\)
      | (?:(?:esse|essa|este|esta)\s+)?(?:[ée]|eh)\s+(?:(?:o|a)\s+)?(?:(?:meu|minha|nosso
        |nossa)\s+)?
        (?:chave\s+|n[úu]mero\s+)?(?:do\s+)?(?:pix|chave)(?![^\W_])
    )""",
    re.VERBOSE | re.IGNORECASE,
)


class Email(Recogniser):
    """An address, with the slips of a phone keyboard, or spelt out ("arroba", "ponto")."""

    entity = "EMAIL"
    needs_digits = False

    def find(self, text: str) -> Iterator[Found]:
        """Yield addresses."""
        if "@" in text:
            for match in _EMAIL.finditer(text):
                yield Found(match.start(), match.end(), SURE)
        for match in _SPELT.finditer(text):
            yield Found(match.start(), match.end(), LIKELY)


class Pix(Recogniser):
    """A Pix key: any e-mail, phone, CPF, CNPJ or random key that the text says is one."""

    entity = "PIX"
    needs_digits = False

    def __init__(self) -> None:
        super().__init__()
        self._kinds = (Email(), Phone(), Cpf(), Cnpj())

    def find(self, text: str) -> Iterator[Found]:
        """Yield keys, surer than the same value by itself, so that this reading wins."""
        for match in _UUID.finditer(text):
            yield _random_key(text, *match.span())
        for joined in over_lines(text):
            for match in _UUID.finditer(joined.plain.text):
                if joined.left(*match.span()) is not None:
                    yield _random_key(text, *joined.plain.original(*match.span()))
        if _PIX.search(text) is None:
            return
        for kind in self._kinds:
            for start, end, score in kind.find(text):
                if score >= THRESHOLD and _is_key(text, start, end):
                    yield Found(start, end, 1.0)


def _random_key(text: str, start: int, end: int) -> Found:
    return Found(start, end, 1.0 if _is_key(text, start, end) else ONLY_IF_ASKED)


def _is_key(text: str, start: int, end: int) -> bool:
    left = text[max(0, start - 80) : start].rstrip()
    stops = [stop.end() for stop in _SENTENCE.finditer(left)]
    if stops:
        left = left[stops[-1] :]
    return _KEY_FOLLOWS.search(left) is not None or _KEY_BEFORE.match(text, end) is not None
