"""Recognisers for Presidio: what identifies a person in Brazil, as it is typed in a chat."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, NoOpNlpEngine

from src.conversations.recognisers.addresses import Address, Cep
from src.conversations.recognisers.base import LANGUAGE, THRESHOLD, asked_for
from src.conversations.recognisers.cards import card_recogniser
from src.conversations.recognisers.contacts import Email, Pix
from src.conversations.recognisers.documents import Cnpj, Cpf, Document, is_cnpj, is_cpf
from src.conversations.recognisers.excepted import excepted
from src.conversations.recognisers.gazetteer import fold
from src.conversations.recognisers.names import KnownNames, Names
from src.conversations.recognisers.phones import Phone
from src.conversations.recognisers.plain import plain
from src.conversations.recognisers.vehicles import Plate

__all__ = ["analyse", "asked_for", "excepted", "fold", "is_cnpj", "is_cpf", "plain"]


class _OurOwn(ContextAwareEnhancer):
    """Each recogniser reads the words around its finds itself; nothing is added afterwards."""

    def __init__(self) -> None:
        super().__init__(0, 0, 0, 0)

    def enhance_using_context(  # type: ignore[no-untyped-def]
        self, text, raw_results, nlp_artifacts, recognizers, context=None
    ) -> list[RecognizerResult]:
        return list(raw_results)


@functools.cache
def _engine() -> AnalyzerEngine:
    logging.getLogger("presidio-analyzer").setLevel(logging.WARNING)  # it tells of every text
    recognisers = [
        Cpf(),
        Cnpj(),
        Document(),
        Phone(),
        Email(),
        Pix(),
        Cep(),
        Address(),
        Plate(),
        card_recogniser(),
        Names(),
    ]
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognisers, supported_languages=[LANGUAGE]),
        nlp_engine=NoOpNlpEngine([{"lang_code": LANGUAGE, "model_name": ""}]),
        context_aware_enhancer=_OurOwn(),
        default_score_threshold=THRESHOLD,
        supported_languages=[LANGUAGE],
    )


@functools.cache
def _no_artifacts() -> NlpArtifacts:
    return _engine().nlp_engine.process_text("", LANGUAGE)


def analyse(
    text: str, asked: list[str], known: Callable[[str], bool] | None = None
) -> list[RecognizerResult]:
    """Return what Presidio finds in readable text; finds may overlap.

    Parameters
    ----------
    text : str
        As :func:`plain` gives it.
    asked : list of str
        Types that the message before asked for.
    known : callable, optional
        Whether a folded word was part of a name before.
    """
    return _engine().analyze(
        text,
        LANGUAGE,
        context=asked or None,
        nlp_artifacts=_no_artifacts(),
        ad_hoc_recognizers=[KnownNames(known)] if known else None,
    )
