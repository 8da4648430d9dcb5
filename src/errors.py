"""Every error that a person may see.

BancadaError
├── FileUnreadable               a file that is not what it should be; a room makes it its own
├── CollectionError              interaction events
│   └── InvalidEvent             one that does not follow the schema
├── ConversationError            conversations of the assistant
│   ├── ConversationNotFound
│   └── ConversationImportFailed a file or database that cannot become conversations
├── ReviewError                  feedback, the queue, a decision
│   ├── InvalidFeedback          feedback that does not follow the schema
│   ├── ClaimLost                the claim expired, was released, or never was this one's
│   ├── AlreadySubmitted         a decision was made with this claim
│   └── JudgeFailed              the model that judges did not answer as asked
├── DatasetError                 an import or a table
│   ├── DatasetNotFound
│   └── ImportFailed
├── FeatureError                 a table that the collected events do not allow
├── TrainingError                a comparison that cannot start or go on
│   └── ComparisonNotFound
├── RegistryError                the model store
│   ├── InvalidModelName
│   ├── DuplicateModelName
│   ├── ModelNotFound
│   ├── ModelNotSerializable
│   ├── SignatureMismatch        the bytes or the metadata are not those that were saved
│   └── ModelQuarantined         unsigned: nobody has decided yet whether to trust it
├── PredictionError              rows that a model cannot score
├── FinetuningError              a data set for fine-tuning, or the decision for one
│   └── TrainingSetNotFound
├── JobError                     work outside the page
│   ├── JobNotFound
│   ├── JobLost                  another worker has it now
│   └── JobCancelled             raised inside a job when someone asked it to stop
└── StorageError                 disk full, database locked or gone
    └── IntakeFull               more events are waiting than can be kept
"""

from __future__ import annotations

from typing import Any

from src.messages import N_, Message


class BancadaError(Exception):
    """Something a person can act on.

    Parameters
    ----------
    template : str
        Portuguese sentence, marked with ``N_``: what happened, why, what to do.
    **params
        Values for the template's fields.

    Attributes
    ----------
    message : Message
        The same, for an edge that translates it.
    """

    def __init__(self, template: str, **params: Any) -> None:
        self.message = Message(template, params)
        super().__init__(template, params)

    def __str__(self) -> str:
        return str(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.message.template, dict(self.message.params)))


def _rebuild(kind: type[BancadaError], template: str, params: dict[str, Any]) -> BancadaError:
    # Errors cross process borders, and keyword arguments are lost by the default pickling.
    return kind(template, **params)


class FileUnreadable(BancadaError):
    """A file that cannot be read, or is not what it should be."""


class CollectionError(BancadaError):
    """Interaction events, or a file of them."""


class InvalidEvent(CollectionError):
    """An event that does not follow the schema."""


class ConversationError(BancadaError):
    """Conversations of the assistant with its customers."""


class ConversationNotFound(ConversationError):
    """No conversation or customer with that identifier."""


class ConversationImportFailed(ConversationError):
    """A file or a database that cannot become conversations."""


class ReviewError(BancadaError):
    """Feedback, the annotation queue, or a decision."""


class InvalidFeedback(ReviewError):
    """Feedback that does not follow the schema."""


class ClaimLost(ReviewError):
    """The claim expired, was released, or never was this one's."""


class AlreadySubmitted(ReviewError):
    """A decision was made with this claim."""


class JudgeFailed(ReviewError):
    """The model that judges the tone did not answer as asked."""


class DatasetError(BancadaError):
    """An import or a table."""


class DatasetNotFound(DatasetError):
    """No table of that name."""


class ImportFailed(DatasetError):
    """A file that cannot become a table."""


class FeatureError(BancadaError):
    """A table that the collected events do not allow."""


class TrainingError(BancadaError):
    """A comparison that cannot start or go on."""


class ComparisonNotFound(TrainingError):
    """No comparison with that identifier."""


class RegistryError(BancadaError):
    """The model store."""


class InvalidModelName(RegistryError):
    """A name that cannot be a file's name on every system."""


class DuplicateModelName(RegistryError):
    """The name is taken.

    Attributes
    ----------
    suggestion : str
        A free name close to the one that was asked for.
    """

    def __init__(self, template: str, *, suggestion: str, **params: Any) -> None:
        super().__init__(template, suggestion=suggestion, **params)
        self.suggestion = suggestion


class ModelNotFound(RegistryError):
    """No model of that name."""


class ModelNotSerializable(RegistryError):
    """The model holds something that cannot be pickled."""


class SignatureMismatch(RegistryError):
    """The artifact or its metadata are not those that were saved."""


class ModelQuarantined(RegistryError):
    """An unsigned model that nobody has decided to trust."""


class PredictionError(BancadaError):
    """Rows that a model cannot score."""


class FinetuningError(BancadaError):
    """A data set for fine-tuning, or the decision for one."""


class TrainingSetNotFound(FinetuningError):
    """No data set for fine-tuning of that name and version."""


class JobError(BancadaError):
    """Work outside the page."""


class JobNotFound(JobError):
    """No job with that identifier."""


class JobLost(JobError):
    """The job is another worker's now."""


class JobCancelled(JobError):
    """Someone asked the running job to stop."""

    def __init__(self, template: str = N_("O trabalho foi cancelado."), **params: Any) -> None:
        super().__init__(template, **params)


class StorageError(BancadaError):
    """The disk or the database did not take what was given to it."""


class IntakeFull(StorageError):
    """More events are waiting to be stored than can be kept."""
