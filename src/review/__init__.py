"""People judge conversations: feedback, a queue of what is worth reading, agreement, quality."""

from src.review.agreement import Agreement
from src.review.alerts import alert_rules
from src.review.criteria import Criteria
from src.review.feedback import (
    Given,
    Opinion,
    Webhook,
    accept_whatsapp,
    add_feedback,
    parse_whatsapp,
    verify_signature,
)
from src.review.figures import Case, Change, Figures, Mean, Rate
from src.review.judge import Tone
from src.review.judge import is_on as judge_is_on
from src.review.model import (
    CRITERIA,
    PROBLEMS,
    Annotated,
    Annotation,
    Claim,
    Decision,
    Label,
    Problem,
    QueueState,
    Refreshed,
    Submitted,
    TurnNote,
    Verdict,
    Work,
    person,
)
from src.review.progress import measure_agreement, reviewer_progress
from src.review.quality import Compared, Survey, compare, measure, survey, watch
from src.review.store.decisions import annotations_of, save_draft, submit, undo, verdicts
from src.review.store.quality import span as quality_span
from src.review.store.quality import state as quality_state
from src.review.store.quality import tones_of
from src.review.store.queue import claim_in_hand, claim_next, needing_a_third, release
from src.review.store.queue import state as queue_state
from src.review.store.selection import current_criteria, enqueue, set_criteria
from src.review.work import (
    refresh_if_due,
    refresh_queue,
    start_judging,
    start_refresh,
)

__all__ = [
    "CRITERIA",
    "PROBLEMS",
    "Agreement",
    "Annotated",
    "Annotation",
    "Case",
    "Change",
    "Claim",
    "Compared",
    "Criteria",
    "Decision",
    "Figures",
    "Given",
    "Label",
    "Mean",
    "Opinion",
    "Problem",
    "QueueState",
    "Rate",
    "Refreshed",
    "Submitted",
    "Survey",
    "Tone",
    "TurnNote",
    "Verdict",
    "Webhook",
    "Work",
    "accept_whatsapp",
    "add_feedback",
    "alert_rules",
    "annotations_of",
    "claim_in_hand",
    "claim_next",
    "compare",
    "current_criteria",
    "enqueue",
    "judge_is_on",
    "measure",
    "measure_agreement",
    "needing_a_third",
    "parse_whatsapp",
    "person",
    "quality_span",
    "quality_state",
    "queue_state",
    "refresh_if_due",
    "refresh_queue",
    "release",
    "reviewer_progress",
    "save_draft",
    "set_criteria",
    "start_judging",
    "start_refresh",
    "submit",
    "survey",
    "tones_of",
    "undo",
    "verdicts",
    "verify_signature",
    "watch",
]
