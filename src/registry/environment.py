"""The libraries a model was made with, against those that are here."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib import metadata

from src.messages import N_, Message

DISTRIBUTIONS = {"sklearn": "scikit-learn"}
"""Where a library's import name is not its name on the index."""

OTHER_BUILDS = {"xgboost": "xgboost-cpu"}
"""The same library, of the same import name, under another name on the index."""

ALWAYS = ("joblib",)
"""joblib writes every artifact's container."""


@lru_cache(maxsize=256)
def installed(distribution: str) -> str | None:
    """Return a library's installed version, or None."""
    for name in (OTHER_BUILDS.get(distribution, distribution), distribution):
        with suppress(metadata.PackageNotFoundError):
            return metadata.version(name)
    return None


def libraries(modules: Iterable[str]) -> dict[str, str]:
    """Return the version of each library that owns one of ``modules`` (top-level names)."""
    names = sorted({DISTRIBUTIONS.get(module, module) for module in (*modules, *ALWAYS)})
    versions = {name: installed(name) for name in names}
    return {name: version for name, version in versions.items() if version}


def python() -> str:
    """Return this Python's version."""
    return platform.python_version()


def differences(made_with: Mapping[str, str], made_on: str | None) -> list[Message]:
    """Return one sentence for each library, and for Python, that differs from the model's."""
    warnings = []
    if made_on and made_on.split(".")[:2] != python().split(".")[:2]:
        template = N_("O modelo foi feito com Python {then}; aqui está Python {now}.")
        warnings.append(Message(template, {"then": made_on, "now": python()}))
    for name, version in made_with.items():
        present = installed(name)
        values = {"library": name, "then": version}
        if present is None:
            template = N_("O modelo usa {library} {then}, que não está instalada aqui.")
            warnings.append(Message(template, values))
        elif present != version:
            template = N_("O modelo foi feito com {library} {then}; aqui está {library} {now}.")
            warnings.append(Message(template, values | {"now": present}))
    return warnings
