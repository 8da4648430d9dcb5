"""What every recogniser of ours shares: how it reports to Presidio, and the words around a find."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from presidio_analyzer import LocalRecognizer, RecognizerResult

LANGUAGE = "pt"
SURE = 0.9
LIKELY = 0.7
ONLY_IF_ASKED = 0.3
"""Below the threshold, unless the message before asked for just this."""

ASKED = 0.92
THRESHOLD = 0.5

_DIGIT = re.compile("[0-9]")


def words(text: str) -> frozenset[str]:
    """Return the words of a text, as a set."""
    return frozenset(text.split())


class Found(NamedTuple):
    """Where something was found, and how sure that is (0 to 1)."""

    start: int
    end: int
    score: float


class Recogniser(LocalRecognizer):
    """A recogniser of one type, in Portuguese, without any model.

    A subclass sets ``entity`` and yields its finds in :meth:`find`.
    """

    entity: str
    name: str
    needs_digits = True
    """Whether nothing of this type is without a digit; most messages have none."""

    def __init__(self) -> None:
        super().__init__(supported_entities=[self.entity], supported_language=LANGUAGE)

    def load(self) -> None:
        """Nothing to load."""

    @abstractmethod
    def find(self, text: str) -> Iterator[Found]:
        """Yield every find in readable text."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """Return the finds as Presidio wants them."""
        if self.needs_digits and _DIGIT.search(text) is None:
            return []
        return [
            RecognizerResult(
                entity_type=self.entity,
                start=start,
                end=end,
                score=score,
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                },
            )
            for start, end, score in self.find(text)
        ]

    def enhance_using_context(
        self,
        text: str,
        raw_recognizer_results: list[RecognizerResult],
        other_raw_recognizer_results: list[RecognizerResult],
        nlp_artifacts: Any,
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Believe doubtful finds when the message before asked for this type."""
        if context and self.entity in context:
            for result in raw_recognizer_results:
                result.score = max(result.score, ASKED)
        return raw_recognizer_results


class Near(StrEnum):
    """What the closest telling word beside a number says it is."""

    CPF = "CPF"
    CNPJ = "CNPJ"
    PHONE = "TELEFONE"
    EMAIL = "EMAIL"
    CEP = "CEP"
    PLATE = "PLACA"
    CARD = "CARTAO"
    PIX = "PIX"
    NAME = "NOME"
    ADDRESS = "ENDERECO"
    OTHER = "OTHER"


_TELLING = r"""(?<![^\W_])(?:
      (?P<CPF>c\.?p\.?f\.?s?)
    | (?P<CNPJ>c\.?n\.?p\.?j\.?s?)
    | (?P<TELEFONE>tel|tels|telefones?|fones?|cel|cels|celulares|celular|zap|zapp|zapzap|wh?atsapp
        |wpp|whats|whatss?|watts|n[úu]mero\ para\ contato|contatos?|lig(?:a|ue|ar|o|uei|ando)
        |cham(?:a|ar|e)|recado|retorno|ramal|discar?)
    | (?P<EMAIL>e-?mails?)
    | (?P<CEP>cep)
    | (?P<PLACA>placas?)
    | (?P<CARTAO>cart(?:ão|ao|ões|oes)|cr[ée]dito|d[ée]bito|visa|master(?:card)?|elo|hipercard)
    | (?P<PIX>pix|chave)
    | (?P<NOME>nomes?|chama(?:-se)?)
    | (?P<ENDERECO>endere[çc]o|onde\ (?:voc[êe]\ )?(?:mora|fica)|entrega)
    | (?P<OTHER>protocolos?|pedidos?|notas?|nfe?|nf-e|danfe|c[óo]digos?|c[óo]d|cod|rastreio
        |rastreamento|rastrear|boletos?|chamados?|tickets?|ordem|ordens|s[ée]rie|chassi|renavam
        |sku|ref|refer[êe]ncia|pe[çc]as?|contratos?|processos?|lotes?|item|itens|id|matr[íi]cula
        |conta|ag[êe]ncia|barras|ean|gtin|imei|isbn|vers[ãa]o|modelo|motor
        |sinistro|ap[óo]lice|inscri[çc][ãa]o|rg|cnh|pis|nis|proposta|cota[çc][ãa]o
        |or[çc]amento|token|senha|vouchers?|cupom|tracking|oem|nsu|transa[çc][ãa]o|atendimento
        |simula[çc][ãa]o|comprovante|autentica[çc][ãa]o|r\$|reais|valor|pre[çc]o)
    )(?![^\W\d_])"""
_WORDS = re.compile(_TELLING, re.IGNORECASE | re.VERBOSE)
_SMALL_WORDS = re.compile(_TELLING, re.VERBOSE)
_NUMBER_BETWEEN = re.compile(r"[0-9][0-9.\-/ ]{3,}[0-9]")
_ANOTHER_SUCH = re.compile(r"[0-9]\ (?:e|ou)(?:\ [oa]s?)?\ \Z")
_SENTENCE_END = re.compile(r"[!?\n]|\.\s")
_SAID_AFTER = re.compile(
    r"\W{0,3}(?:(?:é|eh|esse é|este é|ta|tá)\s+)?(?:o\s+|a\s+)?(?:(?:meu|minha|nosso|seu|do)\s+)?",
    re.IGNORECASE,
)


def near(text: str, start: int, end: int, reach: int = 45) -> Near | None:
    """Return what the words beside ``text[start:end]`` say it is.

    The last telling word before it counts, unless another number stands between (save "123 and"),
    or it speaks against a personal number and ends a sentence; failing that, what follows
    ("… é meu zap").
    """
    before = list(_WORDS.finditer(text, max(0, start - reach), start))
    last = before[-1] if before else None
    if last is not None and (
        _NUMBER_BETWEEN.search(text, last.end(), start) is None
        or _ANOTHER_SUCH.search(text, last.end(), start) is not None
    ):
        kind = Near(str(last.lastgroup))
        if kind is not Near.OTHER or _SENTENCE_END.search(text, last.end(), start) is None:
            return kind
    after = _SAID_AFTER.match(text, end)
    if after is not None:
        told = _WORDS.match(text, after.end())
        if told is not None and told.lastgroup != "OTHER":
            return Near(str(told.lastgroup))
    return None


def asked_for(message: str) -> list[str]:
    """Return the types that the end of a message asks for, as a question or an order would."""
    tail = message[-200:].lower()  # several times faster than ignoring the case
    return sorted({str(match.lastgroup) for match in _SMALL_WORDS.finditer(tail)} - {"OTHER"})


def alone(text: str, start: int, end: int) -> bool:
    """Whether the message consists of nothing else."""
    if len(text) - (end - start) > 20:
        return False
    return not text[:start].strip(" \t\r\n.,;:") and not text[end:].strip(" \t\r\n.,;:!")
