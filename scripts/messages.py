"""Keep the catalogues of other languages in step with the strings marked in the code.

``python scripts/messages.py update`` collects every string in ``_()``, ``N_()`` and ``ngettext()``
into each ``locale/*/LC_MESSAGES/bancada.po``; ``check`` fails when one has no translation, when one
is left that no code uses, or when a translation names other fields than its original; also when a
string is marked within an f-string, where it is not found, and when an English text has a space
before its percent sign, as only Portuguese has.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
import string
import sys
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/bancada.po"))
SOURCES = ("src", "pages")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
_SPACED_PERCENT = re.compile(r"[\d}][ \u00a0]%")


def collect() -> Catalog:
    """Return the strings marked in the code."""
    found = Catalog(domain="bancada", charset="utf-8", fuzzy=False)
    for folder in SOURCES:
        for name, _line, message, comments, context in extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=KEYWORDS
        ):
            location = f"{folder}/{name}"
            found.add(message, locations=[(location, 1)], auto_comments=comments, context=context)
    return found


def read(path: Path) -> Catalog:
    """Return the catalogue of the language that its folder names; a new one is an empty file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def update(path: Path) -> None:
    """Add new strings to a catalogue and drop those no longer used."""
    catalogue = read(path)
    catalogue.update(collect(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        message.locations = sorted({(name, 0) for name, _line in message.locations})
    catalogue.fuzzy = False
    catalogue.project, catalogue.version = "Bancada", ""
    language = Locale.parse(path.parts[-3]).english_name
    catalogue.header_comment = f"# {language} texts of the interface; the originals are Portuguese."
    catalogue.creation_date = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)  # no noise in diffs
    with path.open("wb") as file:
        write_po(
            file, catalogue, width=0, sort_output=True, omit_header=False, include_lineno=False
        )


def problems() -> list[str]:
    """Return what is wrong with the strings and their catalogues, one line each."""
    used = collect()
    found = [
        f"marked within an f-string: {path.relative_to(ROOT)}:{line}"
        for folder in SOURCES
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line in hidden(path.read_text("utf-8"))
    ]
    for path in CATALOGUES:
        found += [f"{path.parts[-3]}: {problem}" for problem in faults(path, used)]
    return found


def faults(path: Path, used: Catalog) -> list[str]:
    """Return what a catalogue lacks of the strings in use, or has that it should not."""
    translated, found = read(path), []
    for message in used:
        if not message.id:
            continue
        match = translated.get(message.id, message.context)
        if match is None:
            found.append(f"not in the catalogue: {message.id!r} ({message.locations[0][0]})")
            continue
        strings = [match.string] if isinstance(match.string, str) else list(match.string or ())
        if not all(strings):
            found.append(f"no text: {message.id!r}")
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        expected = set().union(*(_fields(text) for text in originals))
        for text in filter(None, strings):
            if not _fields(text) <= expected:
                found.append(f"other fields than the original: {text!r}")
            if path.parts[-3] == "en" and _SPACED_PERCENT.search(text):
                found.append(f"a space before the percent sign: {text!r}")
    for message in translated:
        if message.id and used.get(message.id, message.context) is None:
            found.append(f"no longer used: {message.id!r}")
    return found


def hidden(source: str) -> list[int]:
    """Return the lines on which a string is marked within an f-string."""
    return [
        call.lineno
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in KEYWORDS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]


def _fields(template: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(template) if name}


def main(command: str) -> int:
    """Run ``update`` or ``check``."""
    if command == "update":
        for path in CATALOGUES:
            update(path)
        return 0
    if command == "check":
        found = problems()
        print("\n".join(found) or "All strings are translated.")
        return int(bool(found))
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
