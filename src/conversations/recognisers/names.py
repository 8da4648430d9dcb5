"""Names of people: lists of names, capitals, and the words that introduce a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple

from src.conversations.recognisers.base import (
    LIKELY,
    ONLY_IF_ASKED,
    SURE,
    THRESHOLD,
    Found,
    Recogniser,
)
from src.conversations.recognisers.gazetteer import Word, fold, look_up
from src.conversations.recognisers.name_words import (
    ARTICLES,
    CITIES,
    CITY_NAMES,
    HONORIFICS,
    INTRODUCTIONS,
    NO_NAMES,
    PARTICLES,
    PLACE_HEADS,
    SAINTS,
    WEAK_INTRODUCTIONS,
)

_TOKEN = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*")
_GAP = re.compile(r"(?: {1,2}|\. ?)")
_ENDS_BEFORE_SENTENCE = frozenset('.!?:;"“(-*>')
_LINE = re.compile(r"[^\n]+")

_NO_BEGINNING = HONORIFICS | PARTICLES
_NO_CONTINUATION = HONORIFICS | PLACE_HEADS

LONGEST = 9
"""Words of a name, at most: the longest in the civil registers have about as many."""


class Shape(Enum):
    """How a word is written, where that tells anything."""

    TITLE = "Maria"
    LOWER = "maria"
    SHOUTED = "MARIA"


class Token(NamedTuple):
    """A word of the text."""

    start: int
    end: int
    text: str
    folded: str
    shape: Shape
    opens: bool


def tokens_of(text: str) -> list[Token]:
    """Return the words; capitals mean nothing in a line that has little else."""
    tokens: list[Token] = []
    for line in _LINE.finditer(text):
        matches = list(_TOKEN.finditer(text, line.start(), line.end()))
        words = [match[0] for match in matches]
        long = [word for word in words if len(word) > 1]
        loud = sum(map(str.isupper, long)) * 2 > len(long)
        for match, word in zip(matches, words, strict=True):
            start, end = match.span()
            if loud and word.isupper():
                shape = Shape.SHOUTED
            else:
                shape = Shape.TITLE if word[0].isupper() else Shape.LOWER
            before = text[max(line.start(), start - 4) : start]
            last = before.rstrip()[-1:]
            opens = not last or last in _ENDS_BEFORE_SENTENCE
            if not opens and start - line.start() < 4:
                opens = not before.strip(" \t-*>\"'“(")
            tokens.append(Token(start, end, word, fold(word), shape, opens))
    return tokens


class Names(Recogniser):
    """First names with what follows them, and whatever stands where a name is announced."""

    entity = "NOME"
    needs_digits = False

    def find(self, text: str) -> Iterator[Found]:
        """Yield names, each with all its parts."""
        tokens = tokens_of(text)
        strong = {match.end() for match in INTRODUCTIONS.finditer(text)}
        weak = {match.end() for match in WEAK_INTRODUCTIONS.finditer(text)}
        index = 0
        found = False
        while index < len(tokens):
            token = tokens[index]
            if token.folded in PLACE_HEADS and _heads_a_place(tokens, index, text):
                index = _after_place(tokens, index + 1, text)
                continue
            city = _city(tokens, index)
            if city and token.start not in strong:
                index += city
                continue
            score = _begins(tokens, index, text, token.start in strong, token.start in weak)
            if not score:
                index += 1
                continue
            last = _last_of_name(tokens, index, text)
            found = True
            yield Found(token.start, tokens[last].end, score)
            index = last + 1
        if tokens and not found and _could_be_answer(text, tokens):
            yield Found(tokens[0].start, tokens[-1].end, ONLY_IF_ASKED)


class KnownNames(Recogniser):
    """Words that were part of a name earlier in the conversation, in whatever case."""

    entity = "NOME"
    needs_digits = False

    def __init__(self, known: Callable[[str], bool]) -> None:
        super().__init__()
        self._known = known

    def find(self, text: str) -> Iterator[Found]:
        """Yield such words, unless they are ordinary words or belong to a place."""
        tokens = tokens_of(text)
        index = 0
        while index < len(tokens):
            token = tokens[index]
            skipped = _city(tokens, index)
            if token.folded in PLACE_HEADS and _heads_a_place(tokens, index, text):
                skipped = _after_place(tokens, index + 1, text) - index
            elif not skipped and self._is_known(token):
                yield Found(token.start, token.end, THRESHOLD)
            index += skipped or 1

    def _is_known(self, token: Token) -> bool:
        if len(token.text) < 3 or look_up(token.text).common_with_accents > 300:
            return False
        return not _is_none(token) and self._known(token.folded)


def _next_to(tokens: list[Token], index: int, text: str) -> bool:
    """Whether the word after ``index`` directly continues it."""
    if index + 1 >= len(tokens):
        return False
    gap = text[tokens[index].end : tokens[index + 1].start]
    if gap == " ":
        return True
    if "." in gap:
        return len(tokens[index].text) <= 2 and _GAP.fullmatch(gap) is not None
    return _GAP.fullmatch(gap) is not None


def _city(tokens: list[Token], index: int) -> int:
    """Return how many words the city's name has that begins here; 0 when none does."""
    for name in CITY_NAMES.get(tokens[index].folded, ()):
        if tuple(token.folded for token in tokens[index : index + len(name)]) == name:
            return len(name)
    return 0


def _heads_a_place(tokens: list[Token], index: int, text: str) -> bool:
    token = tokens[index]
    if index + 1 == len(tokens) or text[token.end : tokens[index + 1].start] not in (" ", ". "):
        return False
    capital = token.shape is not Shape.LOWER or tokens[index + 1].shape is not Shape.LOWER
    return capital or token.folded in SAINTS


def _after_place(tokens: list[Token], index: int, text: str) -> int:
    """Return the index of the first word that no longer belongs to a place's name."""
    saint = tokens[index - 1].folded in SAINTS and tokens[index].shape is Shape.LOWER
    while (
        index < len(tokens)
        and text[tokens[index - 1].end : tokens[index].start] in (" ", ". ")
        and tokens[index].folded not in HONORIFICS
    ):
        token = tokens[index]
        word = look_up(token.text)
        named = word.surname or word.bearers >= 20 if saint else token.shape is not Shape.LOWER
        if not named and token.folded not in PARTICLES:
            break
        index += 1
    return index


def _is_first_name(word: Word, least: int, ratio: float) -> bool:
    """Whether enough people bear it and it is no ordinary word, or ``ratio`` times rarer as one."""
    return word.bearers >= least and (
        word.common <= 300 or (ratio > 0 and word.bearers >= ratio * word.common)
    )


def _is_small_name(word: Word, least: int) -> bool:
    """Whether a word in small letters is a first name whatever stands around it."""
    return word.bearers >= least and (
        word.common_with_accents <= 100
        or (word.common <= 300 and word.bearers >= 50 * word.common_with_accents)
    )


def _begins(tokens: list[Token], index: int, text: str, strong: bool, weak: bool) -> float:
    """Return how sure it is that a name begins here; 0 when it does not."""
    token = tokens[index]
    if text[token.end : token.end + 1].isdigit() or text[token.start - 1 : token.start].isdigit():
        return 0
    if len(token.text) < 2 or _is_none(token) or token.folded in _NO_BEGINNING:
        return 0
    if "-" in token.text and look_up(token.text.partition("-")[0]).bearers < 100:
        return 0
    word = look_up(token.text)
    previous = tokens[index - 1] if index else None
    if strong and _plausible(token, word):
        return SURE
    if (
        previous is not None
        and previous.folded in HONORIFICS
        and text[previous.end : token.start].strip(" .") == ""
        and _titled(tokens, index, text, word)
    ):
        return SURE

    def named() -> bool:  # looked at for few words only
        return _name_follows(tokens, index, text)

    after_article = previous is not None and previous.folded in ARTICLES
    if (
        token.folded in CITIES
        and (not (weak or after_article) or _towards(previous))
        and not named()
    ):
        return 0
    if weak and (_is_first_name(word, 500, 5) or (_is_first_name(word, 50, 5) and named())):
        return LIKELY
    unknown = word.common_with_accents == 0
    if weak and unknown and word.bearers >= 50:
        return LIKELY
    if token.shape is Shape.LOWER:
        if _is_small_name(word, 1000):
            return LIKELY
        return (
            LIKELY if _is_first_name(word, 200, 10) and _surname_follows(tokens, index, text) else 0
        )
    if token.shape is Shape.SHOUTED:
        if _is_first_name(word, 100, 5) and named():
            return LIKELY
        return LIKELY if _is_first_name(word, 5000, 0) else 0
    if token.text.isupper() and len(token.text) <= 4 and word.bearers < 3000:
        return 0  # an abbreviation
    if _is_first_name(word, 20 if unknown and not token.opens else 100, 0):
        return LIKELY
    if after_article and _is_first_name(word, 2000, 10):
        return LIKELY
    if word.bearers >= 50 and named():
        return LIKELY
    if not word.common and len(token.text) > 3 and _surname_follows(tokens, index, text):
        return LIKELY
    return 0


def _towards(previous: Token | None) -> bool:
    return previous is not None and previous.folded in ("pra", "pro", "para", "no", "na", "ao")


def _plausible(token: Token, word: Word) -> bool:
    """Whether a word can be a name right after "meu nome é"."""
    if token.shape is Shape.LOWER:
        known = word.surname or word.bearers >= 2000
        return word.common <= 300 or (known and word.common < 30_000)
    return word.bearers >= 20 or word.surname or word.common < 2000


def _is_none(token: Token) -> bool:
    return token.folded in NO_NAMES or token.text.lower() in NO_NAMES


def _titled(tokens: list[Token], index: int, text: str, word: Word) -> bool:
    token = tokens[index]
    if token.shape is Shape.LOWER:
        return _is_first_name(word, 50, 5)
    following = _following(tokens, index, text)
    if following is not None and following.shape is not Shape.LOWER and not _is_none(following):
        return word.bearers >= 20 or word.surname or word.common < 10_000
    if word.bearers >= 20 or word.surname:
        return word.common < 100_000
    return token.shape is Shape.TITLE and word.common < 1000


def _following(tokens: list[Token], index: int, text: str) -> Token | None:
    """Return the next part of a name after ``index``, past particles."""
    step = index
    while _next_to(tokens, step, text):
        step += 1
        if tokens[step].folded not in PARTICLES:
            return tokens[step]
    return None


def _next_part(tokens: list[Token], index: int, text: str) -> Token | None:
    """Return the next part of a name, if it is written as one that may follow this word."""
    following = _following(tokens, index, text)
    if following is None or _is_none(following):
        return None
    smaller = tokens[index].shape is Shape.TITLE and following.shape is Shape.LOWER
    return None if smaller else following


def _surname_follows(tokens: list[Token], index: int, text: str) -> bool:
    following = _next_part(tokens, index, text)
    if following is None:
        return False
    word = look_up(following.text)
    rare = following.shape is Shape.TITLE or word.common <= 300
    return rare and (word.surname or _is_first_name(word, 1000, 0))


def _name_follows(tokens: list[Token], index: int, text: str) -> bool:
    following = _next_part(tokens, index, text)
    if following is None:
        return False
    word = look_up(following.text)
    return word.surname or _is_first_name(word, 50, 5)


def _last_of_name(tokens: list[Token], index: int, text: str) -> int:
    """Return the index of the last word of the name that begins at ``index``."""
    last = step = index
    while step - index < LONGEST and _next_to(tokens, step, text):
        step += 1
        token = tokens[step]
        if token.folded in PARTICLES and text[token.end : token.end + 1] != ".":
            if token.folded == "e" and not _joins_surnames(tokens, step, text):
                break
            continue
        if not _continues(tokens[last], token, text, joined=step - last > 1):
            break
        last = step
    return last


def _joins_surnames(tokens: list[Token], index: int, text: str) -> bool:
    following = _following(tokens, index, text)
    if following is None:
        return False
    word = look_up(following.text)
    return word.surname and not _is_first_name(word, 2000, 0)


def _continues(before: Token, token: Token, text: str, *, joined: bool) -> bool:
    word = look_up(token.text)
    if not word.surname and (_is_none(token) or token.folded in _NO_CONTINUATION):
        return False
    if len(token.text) == 1:
        return token.text.isupper() or text[token.end : token.end + 1] == "."
    if token.shape is Shape.TITLE and before.shape is Shape.TITLE:
        return word.surname or word.bearers >= 20 or word.common < 3000
    if before.shape is Shape.TITLE:
        return joined and word.surname and word.common <= 300
    if word.surname or _is_first_name(word, 50, 5):
        return word.common < 200_000 or joined
    return word.common == 0 and len(token.text) >= (3 if token.shape is Shape.SHOUTED else 5)


def _could_be_answer(text: str, tokens: list[Token]) -> bool:
    """Whether a whole message could be nothing but somebody's name."""
    if len(tokens) > 6 or len(text) > 80 or any(char.isdigit() for char in text):
        return False
    if any(_is_none(token) for token in tokens):
        return False
    words = [look_up(token.text) for token in tokens if token.folded not in PARTICLES]
    return bool(words) and all(
        word.common <= 300 or word.surname or word.bearers >= 2000 for word in words
    )
