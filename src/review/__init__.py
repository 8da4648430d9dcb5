"""People judge conversations: feedback, a queue of what is worth reading, agreement, quality."""

from src.review.agreement import Agreement
from src.review.alerts import alert_rules
from src.review.criteria import Criteria
from src.review.feedback import (
    Opinion,
    Receipt,
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
