"""Text as it should be learned: one form of Unicode, no markup, no noise of the messenger."""

from __future__ import annotations

import html
import re
import unicodedata

_INVISIBLE = re.compile(
    # Control characters but tab and line feed, soft hyphen, zero-width space, direction marks and
    # overrides, byte-order mark. The joiners U+200C and U+200D stay: emoji and Persian need them.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffd]"
)
_ATTRIBUTES = r"""(?:\s+(?:
    [a-zA-Z_:@][\w:.@\-]*\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+)
  | allowfullscreen|async|autofocus|autoplay|checked|controls|defer|disabled|hidden|loop|multiple
  | muted|noshade|novalidate|nowrap|open|readonly|required|reversed|selected
))*\s*/?"""
"""Anything else between a letter and > is no tag but a comparison: "a<b e c>d"."""

_TAG = re.compile(
    rf"""</?(?:a|abbr|b|blockquote|body|button|center|code|div|em|embed|font|form|h[1-6]|head|hr|html
    |i|iframe|img|input|li|link|meta|object|ol|p|pre|s|small|span|strong|sub|sup|svg|table|tbody
    |td|th|thead|tr|u|ul|video){_ATTRIBUTES}>""",
    re.IGNORECASE | re.VERBOSE,
)
_LINE_END = re.compile(
    rf"<br{_ATTRIBUTES}> | </(?:p|div|li|tr|h[1-6])\s*>", re.IGNORECASE | re.VERBOSE
)
_CODE = re.compile(
    r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL
)
_QUOTED = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
"""Code that somebody shows to somebody."""

_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")

NOISE = re.compile(
    r"<?\s*(?:m[ií]dia|imagem|[áa]udio|v[ií]deo|figurinha|gif|documento|contato|media|image|audio|"
    r"video|sticker|document|contact card) (?:oculta|ocultado|ocultada|omitted|omitida|omitido)"
    r"(?: nesta conversa)?\s*>?"
    r"|(?:esta|essa|voc[êe] apagou esta|you deleted this|this) (?:mensagem|message)"
    r"(?: foi apagada| was deleted)?"
    r"|(?:mensagem apagada|message deleted)"
    r"|as mensagens e (?:as )?(?:chamadas|liga[çc][õo]es) s[ãa]o protegidas com .*"
    r"|messages and calls are end-to-end encrypted.*"
    r"|(?:chamada|liga[çc][ãa]o) (?:de voz|de v[ií]deo)? ?perdida"
    r"|missed (?:voice|video) call"
    r"|aguardando (?:esta )?mensagem.*|waiting for this message.*"
    r"|\[(?:imagem|[áa]udio|v[ií]deo|figurinha|documento|anexo|image|audio|video|sticker|file)\]",
    re.IGNORECASE | re.DOTALL,
)
"""What a messenger writes by itself in place of something that is not in the text."""


def clean(text: str) -> str:
    """Return the text in NFC, without markup, invisible characters and idle space.

    A text that is nothing but the messenger's own notice becomes empty.

    Examples
    --------
    >>> clean("<p>Oi,&nbsp;tudo\\u200b  bem?</p>")
    'Oi, tudo bem?'
    >>> clean("<Mídia oculta>")
    ''
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = _INVISIBLE.sub("", text)
    if "<" in text and NOISE.fullmatch(text.strip()):
        return ""
    if "<" in text or "&" in text:
        # What is quoted as code has every second place.
        parts = _QUOTED.split(text)
        parts[::2] = map(_without_markup, parts[::2])
        text = "".join(parts)
    text = unicodedata.normalize("NFC", text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    text = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    return "" if NOISE.fullmatch(text) else text


def has_markup(text: str) -> bool:
    """Return whether there are tags, other than in code that is quoted as such.

    Examples
    --------
    >>> has_markup("<b>Oi</b>"), has_markup("a<b e c>d"), has_markup("use `<b>`")
    (True, False, False)
    """
    return "<" in text and any(
        pattern.search(part)
        for part in _QUOTED.split(text)[::2]
        for pattern in (_TAG, _LINE_END, _CODE)
    )


def _without_markup(text: str) -> str:
    if "<" in text:
        text = _CODE.sub("", text)
        text = _LINE_END.sub("\n", text)
        text = _TAG.sub("", text)
    if "&" in text and _ENTITY.search(text):
        text = _INVISIBLE.sub("", html.unescape(text))
    return text
