"""Columns that know the outcome: how well each one alone predicts the target.

A column that is filled in after the fact (the length of a call that ended in a sale) makes every
model look good and none useful. No test can see *when* a value was known. What can be measured is
how much one column predicts alone; near-perfect ones are reported as such, others as a hint, with
the reason for the suspicion, for a person to decide.

The measure: values are grouped (numbers into 40 groups of equal size, texts as they are), the mean
target of each group is learned on two thirds of the rows and used as the prediction for the last
third, three times over. For groups of one column that is the best predictor there is. Its quality
is the area under the ROC curve (classes; the mean over one-against-the-rest for several) or R²
(numbers), so a column that merely has many values, such as an identifier, scores like chance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from src.files import Kind
from src.messages import N_, Message

SAMPLE_ROWS = 20_000
GROUPS = 40
FOLDS = 3
MAX_CLASSES = 30
SMOOTHING = 5.0
"""Rows' worth of the overall mean that each group's mean is drawn towards."""

NEARLY_PERFECT = {"auc": 0.98, "r2": 0.97}
STRONG = {"auc": 0.75, "r2": 0.5}
NOTABLE = {"auc": 0.65, "r2": 0.15}
CHANCE = {"auc": 0.5, "r2": 0.0}
_LABEL = {"auc": "AUC", "r2": "R²"}
FAR_AHEAD = 1.5
"""How many times the second column's lead over chance counts as far ahead."""

_AFTERWARDS = re.compile(
    r"(?:^|[_\W])(?:duration|duracao|elapsed|tempo_total|resultado|result|desfecho|outcome|"
    r"encerramento|encerrado|closed|close_date|final|fim|end|ended|cancelamento|pagamento_final)"
    r"(?:$|[_\W])"
)


def is_classification(target: pd.Series, kind: Kind) -> bool:
    """Whether a target is one of classes rather than of quantities."""
    if kind in ("boolean", "category", "text"):
        return True
    return kind == "integer" and target.nunique() <= 20


def strengths(
    frame: pd.DataFrame, target: str, kinds: Mapping[str, Kind], excluded: Collection[str] = ()
) -> tuple[str, dict[str, float]]:
    """Return the measure used and how well each column alone predicts the target.

    Returns
    -------
    measure : {"auc", "r2"}
    strengths : dict
        By column, strongest first: AUC 0 to 1 (0.5 is chance), or R² up to 1 (0 is chance).
    """
    known = frame[frame[target].notna()]
    classes = is_classification(known[target], kinds[target])
    measure = "auc" if classes else "r2"
    outcomes = _indicators(known[target]) if classes else [known[target].to_numpy(float)]
    if not classes:
        finite = np.isfinite(outcomes[0])
        known, outcomes = known[finite], [outcomes[0][finite]]
    if len(known) < 3 * FOLDS or not outcomes:
        return measure, {}
    folds = np.random.default_rng(42).permutation(len(known)) % FOLDS
    score = _auc if classes else _r2
    means = {}
    for column in frame.columns.drop([target, *excluded], errors="ignore"):
        groups = _groups(known[column], kinds[column])
        scores = [score(_predict(groups, outcome, folds), outcome) for outcome in outcomes]
        means[column] = float(np.mean(scores))
    return measure, dict(sorted(means.items(), key=lambda pair: -pair[1]))


def warnings(
    frame: pd.DataFrame, target: str, kinds: Mapping[str, Kind], excluded: Collection[str] = ()
) -> list[Message]:
    """Return a message for each column that may know the outcome."""
    measure, scores = strengths(frame, target, kinds, excluded)
    ranked = list(scores.items())
    messages = []
    for position, (column, score) in enumerate(ranked):
        lead = score - CHANCE[measure]
        following = max((other for _name, other in ranked[position + 1 :]), default=0.0)
        runner_up = max(following - CHANCE[measure], 0.0)
        if score >= NEARLY_PERFECT[measure] and kinds[column] == "datetime":
            template = N_(
                "Linhas próximas em {column} têm quase sempre o mesmo {target} ({measure} "
                "{score}): o modelo pode decorar o período. Deixe a data fora do treino ou "
                "confira o modelo com dados de um período posterior."
            )
        elif score >= NEARLY_PERFECT[measure]:
            template = N_(
                "Possível vazamento: {column} sozinha quase determina {target} ({measure} "
                "{score}). Confira se o valor já é conhecido antes do desfecho; se não, "
                "deixe-a fora do treino."
            )
        elif score >= NOTABLE[measure] and _AFTERWARDS.search(_plain(column)):
            template = N_(
                "Indício de vazamento: {column} prevê {target} sozinha ({measure} {score}) "
                "e o nome sugere algo que só se mede quando o caso termina. Confira se o "
                "valor já é conhecido antes do desfecho; se não, deixe-a fora do treino."
            )
        elif (
            position == 0
            and score >= STRONG[measure]
            and lead >= FAR_AHEAD * runner_up
            and len(ranked) > 1
        ):
            template = N_(
                "Indício de vazamento: {column} prevê {target} sozinha ({measure} "
                "{score}), muito à frente das outras colunas. Pode ser só uma boa coluna; "
                "confira se o valor já é conhecido antes do desfecho."
            )
        else:
            continue
        params = {
            "column": column,
            "target": target,
            "score": round(score, 3),
            "measure": _LABEL[measure],
        }
        messages.append(Message(template, params))
    return messages


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", re.sub(r"([a-z])([A-Z])", r"\1_\2", name))
    return decomposed.encode("ascii", "ignore").decode().lower()


def _indicators(target: pd.Series) -> list[npt.NDArray[np.float64]]:
    """Return one 0/1 array per class; for two classes only one, they mirror each other."""
    counts = target.value_counts()
    classes = [value for value, count in counts.items() if count >= FOLDS][:MAX_CLASSES]
    if len(counts) < 2:
        return []
    if len(counts) == 2:
        classes = classes[:1]
    return [(target == value).to_numpy(float) for value in classes]


def _groups(column: pd.Series, kind: Kind) -> npt.NDArray[np.intp]:
    if kind in ("integer", "number", "datetime"):
        ranks = column.rank(method="dense")  # infinities keep their place, missing stay missing
        if ranks.max() > GROUPS:
            ranks = pd.qcut(ranks, GROUPS, labels=False, duplicates="drop")
        codes = ranks.fillna(-1).to_numpy().astype(np.intp)
    else:
        codes = pd.factorize(column.astype(object))[0]
    shifted: npt.NDArray[np.intp] = codes - codes.min()
    return shifted


def _predict(
    groups: npt.NDArray[np.intp],
    outcome: npt.NDArray[np.float64],
    folds: npt.NDArray[np.intp],
) -> npt.NDArray[np.float64]:
    expected = np.empty(len(outcome))
    size = int(groups.max()) + 1
    for fold in range(FOLDS):
        known = folds != fold
        mean = outcome[known].mean()
        count = np.bincount(groups[known], minlength=size)
        total = np.bincount(groups[known], outcome[known], minlength=size)
        expected[~known] = ((total + mean * SMOOTHING) / (count + SMOOTHING))[groups[~known]]
    return expected


def _auc(expected: npt.NDArray[np.float64], outcome: npt.NDArray[np.float64]) -> float:
    """Area under the ROC curve as the Mann-Whitney statistic (Hanley and McNeil, 1982)."""
    positive = outcome == 1
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    ranks = pd.Series(expected).rank().to_numpy()
    above = ranks[positive].sum() - n_positive * (n_positive + 1) / 2
    return float(above / (n_positive * n_negative))


def _r2(expected: npt.NDArray[np.float64], outcome: npt.NDArray[np.float64]) -> float:
    spread = float(((outcome - outcome.mean()) ** 2).sum())
    return 1 - float(((outcome - expected) ** 2).sum()) / spread if spread else 0.0
