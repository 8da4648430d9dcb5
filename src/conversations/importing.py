"""A file becomes conversations: it is looked at, a person confirms the mapping, it is imported."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from src.conversations import parsing
from src.conversations.mapping import (
    ALIASES,
    TURN_FIELDS,
    FieldMapping,
    propose_fields,
    propose_origin,
    propose_roles,
    propose_stars,
    subject_as_topic,
)
from src.conversations.model import NewConversation
from src.conversations.parsing import Met, Skipped, stars
from src.conversations.records import Record, detect_format, read_records
from src.conversations.store import origins, writing
from src.errors import ConversationImportFailed
from src.jsonable import Jsonable
from src.logs import get_logger
from src.messages import N_, Message
from src.persistence import utc_now

LOOKED_AT = 1_000
"""Records that are read to propose a mapping."""

PREVIEWED = 5
BATCH = 200
REPORTED = 100
"""Skipped conversations that are named one by one; the rest is counted."""

OnProgress = Callable[[int, float], None]
log = get_logger(__name__)


@dataclass(frozen=True)
class Inspection:
    """What the beginning of a file says, before it is imported.

    Attributes
    ----------
    form : str
        ``"jsonl"``, ``"json"`` or ``"csv"``.
    mapping : FieldMapping
        The proposal, for a person to confirm or change.
    conversation_fields, turn_fields : tuple of str
        The file's fields that a mapping may name; the same where every row is one turn.
    roles : dict
        Every word for a role, with how often it was met, in the order of meeting.
    roles_guessed : bool
        The words say nothing: the one who began is taken for the customer.
    ratings : dict
        Words for a rating that were met and that do not say by themselves how many stars it is.
    preview : tuple of NewConversation
        The first conversations, as the proposal reads them.
    broken : int
        Texts with a broken encoding among those that were looked at.
    repairs : tuple
        Examples of such texts: as they are, and repaired.
    warnings : tuple of Message
    """

    form: str
    mapping: FieldMapping
    conversation_fields: tuple[str, ...]
    turn_fields: tuple[str, ...]
    roles: dict[str, int]
    roles_guessed: bool
    ratings: dict[str, int]
    preview: tuple[NewConversation, ...]
    broken: int
    repairs: tuple[tuple[str, str], ...]
    warnings: tuple[Message, ...]


@dataclass
class Imported(Jsonable):
    """What an import brought.

    Attributes
    ----------
    conversations, turns : int
        New ones.
    updated : int
        Known conversations that gained turns or feedback, or changed a field.
    duplicates : int
        Conversations that were there already, unchanged.
    erased : int
        Conversations that were not brought back, because they had been erased.
    repaired : int
        Texts whose encoding was repaired, of those that were stored.
    skipped : int
        Conversations, or rows, that could not be imported.
    reasons : list of Skipped
        The first of them.
    unread_times : int
        Times that could not be read; their messages are kept without.
    unread_ratings : int
        Ratings that are no number of stars, by the mapping; they do not count.
    repeated_ids : int
        Messages with the identifier of another in the same conversation, kept all the same.
    unknown_roles : dict
        Words that the mapping does not know; their turns are kept as ``Role.OTHER``.
    """

    conversations: int = 0
    turns: int = 0
    updated: int = 0
    duplicates: int = 0
    erased: int = 0
    feedback: int = 0
    repaired: int = 0
    skipped: int = 0
    empty_turns: int = 0
    unread_times: int = 0
    unread_ratings: int = 0
    repeated_ids: int = 0
    unknown_roles: dict[str, int] = field(default_factory=dict)
    reasons: list[Skipped] = field(default_factory=list)

    def count(self, added: writing.Added) -> None:
        """Add what a batch brought."""
        self.conversations += added.conversations
        self.turns += added.turns
        self.updated += added.updated
        self.duplicates += added.duplicates
        self.erased += added.erased
        self.repaired += added.repaired
        self.feedback += added.feedback
        self.repeated_ids += added.repeated
        for new in added.conflicts:
            why = N_(
                "a conversa {id} já está aqui e começa de outro modo; sem código em cada mensagem "
                "não se sabe quais são novas, e ela ficou como estava"
            )
            self.skip(Skipped(new.place, Message(why, {"id": new.origin_id})))

    def skip(self, skipped: Skipped) -> None:
        """Count what was not imported, and keep the reason of the first ones."""
        self.skipped += 1
        if len(self.reasons) < REPORTED:
            self.reasons.append(skipped)


def inspect_file(
    path: str | Path,
    *,
    name: str | None = None,
    mapping: FieldMapping | None = None,
    fields: Mapping[str, str] | None = None,
) -> Inspection:
    """Look at the beginning of a file and propose how to read it; nothing is stored.

    Parameters
    ----------
    path : path
        Chat JSONL, JSON (a list, or an object with a conversation per key) or CSV; the content
        tells which.
    name : str, optional
        What the file was called where it came from.
    mapping : FieldMapping, optional
        Preview by this mapping instead of the proposal.
    fields : dict, optional
        Propose the rest by these fields (ours → the file's) instead of those that are recognised.

    Raises
    ------
    ConversationImportFailed
        If it is empty or nothing of the kind.
    """
    path = Path(path)
    name = name or path.name
    form = detect_format(path, name)
    repeated: set[str] = set()
    beginning = read_records(path, name, form, repeated=repeated)
    looked = list(itertools.islice(beginning, LOOKED_AT))
    values = [record.value for record in looked if record.problem is None]
    if not values:
        raise ConversationImportFailed(
            N_(
                "Nenhuma das primeiras {count} linhas de {file} pôde ser lida. Confira se é o "
                "arquivo certo e exporte-o de novo."
            ),
            file=name,
            count=len(looked),
        )
    usual = Counter(found for v in values if (found := parsing.usual_turns_field(v)) is not None)
    turns_field = usual.most_common(1)[0][0] if form != "csv" and usual else None
    outer = list(dict.fromkeys(key for value in values for key in value))
    inner = outer
    if turns_field is not None:
        inner = list(
            dict.fromkeys(
                key
                for value in values
                if isinstance(value.get(turns_field), list)
                for row in value[turns_field]
                if isinstance(row, dict)
                for key in row
            )
        )
    proposal = mapping or _proposal(turns_field, outer, inner)
    if mapping is None and fields is not None:
        proposal = replace(proposal, fields=fields)
    met, guessed = Met(), False
    read = [made for made, _fraction in parsing.conversations(iter(looked), proposal, met)]
    if mapping is None and fields is None:
        subjects = [it.subject for it in read if isinstance(it, NewConversation)]
        proposal = replace(proposal, fields=subject_as_topic(proposal.fields, subjects))
    if mapping is None:
        roles, guessed = propose_roles(list(met.roles))
        proposal = replace(
            proposal,
            roles=roles,
            stars=propose_stars(met.ratings),
            origin=propose_origin(name),
        )
    preview = (
        made
        for made, _fraction in parsing.conversations(iter(looked), proposal, Met())
        if isinstance(made, NewConversation)
    )
    return Inspection(
        form=form,
        mapping=proposal,
        conversation_fields=tuple(outer),
        turn_fields=tuple(inner),
        roles=dict(met.roles),
        roles_guessed=guessed,
        ratings={word: n for word, n in met.ratings.items() if stars(word, {}) is None},
        preview=tuple(itertools.islice(preview, PREVIEWED)),
        broken=met.broken,
        repairs=tuple(met.examples),
        warnings=tuple(_warnings(proposal, met, guessed, repeated)),
    )


def known_origins(
    path: str | Path, mapping: FieldMapping, *, name: str | None = None
) -> dict[str, int]:
    """Return under which origins conversations of a file are here already, and how many.

    Only the beginning of the file is looked at. Under an origin that is not among these they would
    be stored once more.

    Raises
    ------
    ConversationImportFailed
        If the file cannot be read.
    StorageError
        If the database does not answer.
    """
    path = Path(path)
    name = name or path.name
    form = detect_format(path, name)
    looked = itertools.islice(read_records(path, name, form), LOOKED_AT)
    made = [it for it, _fraction in parsing.conversations(looked, mapping, Met())]
    return origins.origins_of([it for it in made if isinstance(it, NewConversation)])


def _proposal(turns_field: str | None, outer: list[str], inner: list[str]) -> FieldMapping:
    if turns_field is None:
        return FieldMapping(None, propose_fields(outer, ALIASES))
    of_turn = propose_fields(inner, TURN_FIELDS)
    of_conversation = propose_fields(
        [key for key in outer if key != turns_field],
        [key for key in ALIASES if key not in TURN_FIELDS],
    )
    if "conversation_id" not in of_conversation and "id" in outer:
        of_conversation["conversation_id"] = "id"
    if "turn_id" not in of_turn and "id" in inner:
        of_turn["turn_id"] = "id"
    return FieldMapping(turns_field, {**of_conversation, **of_turn})


def _warnings(
    mapping: FieldMapping, met: Met, guessed: bool, repeated: set[str]
) -> Iterator[Message]:
    for ours, said in (
        ("content", N_("Nenhum campo parece ser o texto da mensagem. Indique qual é.")),
        ("role", N_("Nenhum campo parece dizer quem escreveu. Indique qual é.")),
    ):
        if ours not in mapping.fields:
            yield Message(said, {})
    if mapping.turns is None and "conversation_id" not in mapping.fields:
        yield Message(
            N_("Nenhum campo parece ser o identificador da conversa. Indique qual é."), {}
        )
    if guessed:
        yield Message(
            N_(
                "Os papéis não se reconhecem pelo nome: quem começa foi tomado por cliente. "
                "Confira antes de importar."
            ),
            {},
        )
    if repeated:
        yield Message(
            N_("Mais de um campo se chama {names}; de cada nome vale o último."),
            {"names": ", ".join(f"«{name[:40]}»" for name in sorted(repeated)[:10])},
        )
    unknown = [word for word in met.roles if word not in mapping.roles]
    if unknown:
        yield Message(
            N_("Não se sabe que papel é: {words}. Indique, ou as mensagens ficam como «outro»."),
            {"words": ", ".join(word or "(vazio)" for word in unknown[:10])},
        )
    unread = [word for word in met.unread_ratings if stars(word, mapping.stars) is None]
    if unread:
        yield Message(
            N_(
                "Não se sabe quantas estrelas é a nota: {words}. Indique, ou essas notas não "
                "contam."
            ),
            {"words": ", ".join(f"«{word[:40]}»" for word in unread[:10])},
        )
    if met.bad_times:
        yield Message(
            N_(
                "Datas que não se entendem, entre as primeiras mensagens: {count}. Elas entram sem "
                "data; confira qual é o campo."
            ),
            {"count": met.bad_times},
        )
    if met.broken:
        yield Message(
            N_(
                "{count} textos parecem ter a codificação quebrada (como «nÃ£o»). Podem ser "
                "reparados na importação; o original fica guardado ao lado."
            ),
            {"count": met.broken},
        )


def import_file(
    path: str | Path,
    mapping: FieldMapping,
    *,
    actor: str,
    name: str | None = None,
    on_progress: OnProgress | None = None,
) -> Imported:
    """Import the conversations of a file; those that are there already count once.

    Read as a stream and stored in batches: an import that is broken off may be repeated, and
    brings the rest.

    Parameters
    ----------
    path : path
        The file.
    mapping : FieldMapping
        How to read it; :func:`inspect_file` proposes one.
    actor : str
        Who imports.
    name : str, optional
        What the file was called where it came from.
    on_progress : callable, optional
        Called as ``on_progress(conversations, fraction)``; what it raises ends the import.

    Raises
    ------
    ConversationImportFailed
        If the file cannot be read. What came before is stored.
    StorageError
        If the database does not answer.
    """
    path = Path(path)
    name = name or path.name
    missing = [ours for ours in ("content", "role") if ours not in mapping.fields]
    if missing or (mapping.turns is None and "conversation_id" not in mapping.fields):
        raise ConversationImportFailed(
            N_(
                "Não dá para ler {file} assim: falta dizer que campo é o texto, quem escreveu ou "
                "de que conversa é. Complete o mapeamento."
            ),
            file=name,
        )
    records = read_records(path, name, detect_format(path, name))
    done = take_in(records, mapping, actor=actor, since=utc_now(), on_progress=on_progress)
    log.info(
        "conversations_imported",
        conversations=done.conversations,
        turns=done.turns,
        duplicates=done.duplicates,
        skipped=done.skipped,
        actor=actor,
    )
    return done


def take_in(
    records: Iterator[Record],
    mapping: FieldMapping,
    *,
    actor: str,
    since: dt.datetime | None = None,
    on_progress: OnProgress | None = None,
) -> Imported:
    """Store the conversations of some records in batches.

    Parameters
    ----------
    since : datetime, optional
        When the import began, if a conversation may have several records.
    """
    done, met = Imported(), Met()
    batch: list[NewConversation] = []
    waiting = seen = 0

    def flush(fraction: float) -> None:
        nonlocal waiting
        if batch:
            done.count(writing.add(batch, mapping.origin, actor=actor, since=since))
            batch.clear()
            waiting = 0
        if on_progress is not None:
            on_progress(seen, fraction)

    for made, fraction in parsing.conversations(records, mapping, met):
        seen += 1
        if isinstance(made, Skipped):
            done.skip(made)
            continue
        batch.append(made)
        waiting += len(made.turns)
        if len(batch) >= BATCH or waiting >= 20 * BATCH:
            flush(fraction)
    flush(1.0)
    done.unknown_roles = {w: n for w, n in met.roles.items() if w not in mapping.roles}
    done.empty_turns, done.unread_times = met.empty, met.bad_times
    done.unread_ratings = met.unread_ratings.total()
    return done
