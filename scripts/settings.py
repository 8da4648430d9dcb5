"""Write the table of ``docs/settings.md`` from the fields of ``src.config.Settings``.

``python scripts/settings.py`` writes it; a test fails when it is not up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from src.config import PROJECT_ROOT, Settings  # noqa: E402

PAGE = ROOT / "docs" / "settings.md"
START, END = "<!-- table: scripts/settings.py -->", "<!-- end of the table -->"


def table() -> str:
    """Return every setting with its default and what it is for, as a Markdown table."""
    lines = ["| variable | default | what it sets |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, Path):
            default = f"{default.relative_to(PROJECT_ROOT)}/"
        written = f"`{default}`" if default not in (None, "") else "none"
        lines.append(f"| `BANCADA_{name.upper()}` | {written} | {field.description} |")
    return "\n".join(lines)


def written() -> str:
    """Return the table that the page has now."""
    return PAGE.read_text(encoding="utf-8").split(START)[1].split(END)[0].strip()


def main() -> None:
    """Put the table into the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{START}\n{table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
