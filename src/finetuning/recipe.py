"""Everything that decides what a data set holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from src.errors import FinetuningError
from src.finetuning.cost import figure
from src.finetuning.duplicates import LEAST_SIMILARITY, THRESHOLD
from src.finetuning.filters import STEPS, Filters
from src.jsonable import Jsonable
from src.messages import N_, Message

MAX_PROMPT = 100_000
MAX_WORDS, MAX_WORD = 500, 100
_WORD = r"[A-ZÀ-Ý]\w*[a-zà-ÿ]\w*"
_NAMED = re.compile(rf"(?<![\w@/.\-]){_WORD}(?:[ \-]{_WORD})*(?![\w@])")
_OPENS_SENTENCE = '.!?:;\n"“(#>•-'


@dataclass(frozen=True)
class Recipe(Jsonable):
    """The same recipe on the same conversations gives the same bytes.

    Attributes
    ----------
    system_prompt : str
        Put first in every example; empty for none.
    per_topic : int, optional
        At most so many examples of one topic, 1 or more; None for all.
    seed : int
        Decides sides and samples. Keep it from version to version, so that nobody who was trained
        on is tested on.
    max_tokens : int
        Longer conversations are left out; a limit of the provider's model.
    price : float
        US$ per 1,000 tokens of training, for the estimate; 0 if not known.
    epochs : int
        How often the training will see each example, 1 to 50.
    similarity : float
        From which share of common three-word sequences on two conversations are nearly equal,
        0.6 to 1; the later one is left out.
    not_personal : tuple of str
        Names of the assistant and of products, up to 500: a name of a person that is nothing but
        one of them is not replaced. :func:`named_in` proposes those of the system prompt.
    """

    system_prompt: str = ""
    filters: Filters = field(default_factory=Filters)
    per_topic: int | None = None
    seed: int = 0
    max_tokens: int = 16_385
    price: float = 0.0
    epochs: int = 3
    similarity: float = THRESHOLD
    not_personal: tuple[str, ...] = ()

    def check(self) -> None:
        """Make sure that it can be followed.

        Raises
        ------
        FinetuningError
            If a value is out of its range.
        """
        self.filters.check()
        figure(N_("preço do treino"), self.price)
        figure(N_("épocas"), self.epochs, at_most=50)
        figure(N_("máximo de tokens"), self.max_tokens, at_most=10_000_000)
        if not LEAST_SIMILARITY <= self.similarity <= 1:
            raise FinetuningError(
                N_(
                    "A semelhança entre conversas repetidas vai de {least} a 1, e veio {value}. "
                    "Com menos, conversas diferentes seriam tomadas por repetidas."
                ),
                least=LEAST_SIMILARITY,
                value=self.similarity,
            )
        if self.per_topic is not None and self.per_topic < 1:
            raise FinetuningError(
                N_("O máximo por tema é 1 ou mais, e veio {value}. Deixe vazio para todos."),
                value=self.per_topic,
            )
        self._check_words()
        if len(self.system_prompt) > MAX_PROMPT:
            raise FinetuningError(
                N_(
                    "As instruções têm {length} caracteres; o máximo é {most}. Encurte-as: elas se "
                    "repetem em cada exemplo."
                ),
                length=len(self.system_prompt),
                most=MAX_PROMPT,
            )

    def _check_words(self) -> None:
        if len(self.not_personal) > MAX_WORDS:
            raise FinetuningError(
                N_(
                    "São {count} palavras que não são dados pessoais; o máximo é {most}. Deixe só "
                    "os nomes do assistente e dos produtos."
                ),
                count=len(self.not_personal),
                most=MAX_WORDS,
            )
        for words in self.not_personal:
            if len(words) > MAX_WORD or not any(char.isalpha() for char in words):
                raise FinetuningError(
                    N_(
                        "«{words}» não serve entre as palavras que não são dados pessoais: cada "
                        "linha é um nome do assistente ou de um produto, com até {most} caracteres."
                    ),
                    words=words[:MAX_WORD],
                    most=MAX_WORD,
                )

    def losses(
        self, counts: Mapping[str, int], approved: Mapping[str, int] | None = None
    ) -> list[Message]:
        """Say how many conversations each step left out, in the order of the steps.

        ``what``, ``count`` and, if there are any, ``approved`` are also apart, in the message's
        fields.

        Parameters
        ----------
        approved : mapping, optional
            How many of them reviewers had approved.
        """
        limits = {
            "stars": self.filters.minimum_stars,
            "max_tokens": self.max_tokens,
            "per_topic": self.per_topic,
        }
        said = []
        for step, template in STEPS.items():
            if count := counts.get(step):
                fields = {name: limits[name] for name in limits if "{" + name + "}" in template}
                values = {"what": Message(template, fields), "count": count}
                template = N_("{what} ({count})")
                if judged := (approved or {}).get(step):
                    template = N_("{what} ({count}; delas aprovadas por revisores: {approved})")
                    values["approved"] = judged
                said.append(Message(template, values))
        return said


def named_in(prompt: str) -> tuple[str, ...]:
    """Return what a system prompt calls by name: words with capitals in the midst of a sentence.

    They are the names of the assistant, of the shop, of products. What only opens a sentence is
    left out, and so is what is shouted.

    Examples
    --------
    >>> named_in("Você é a Bia, da Slim Quality. Indique o Bella. NUNCA dê desconto.")
    ('Bia', 'Slim Quality', 'Bella')
    """
    found = []
    for match in _NAMED.finditer(prompt):
        before = prompt[max(0, match.start() - 8) : match.start()].rstrip(" \t\r*_")
        if before and before[-1] not in _OPENS_SENTENCE:
            found.append(match[0])
    return tuple(dict.fromkeys(found))
