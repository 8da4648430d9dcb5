"""``python -m src.dashboard ARGUMENT ...``: the dashboard, and beside it the HTTP interface.

A page starts what it needs when somebody opens it, but events come in whether or not anybody
looks. So the interface is started first; then this process becomes Streamlit, with the arguments
given, and the interface ends with it.
"""

from __future__ import annotations

import os
import sys

from src import jobs
from src.config import PROJECT_ROOT
from src.logs import configure_logs


def main(arguments: list[str]) -> None:
    """Start the interface and become the dashboard."""
    configure_logs()
    jobs.ensure_api()
    os.chdir(PROJECT_ROOT)
    command = [sys.executable, "-m", "streamlit", "run", "main_dash.py", *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - nothing in it comes from outside


if __name__ == "__main__":
    main(sys.argv[1:])
