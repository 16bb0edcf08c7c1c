"""What came of judging: the counts of a session, and judgements beside those of a printed report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui.store.schema.views import same_as

if TYPE_CHECKING:
    from tui.store.connection import Connection

# A control is no answer of a model.
_COUNTS = """
SELECT
    coalesce(sum(graded), 0) AS graded, coalesce(sum(skipped AND NOT graded), 0) AS skipped,
    coalesce(sum(flagged), 0) AS flagged, coalesce(sum(noted), 0) AS noted
FROM (
    SELECT
        max(kind = 'grade') AS graded, max(kind = 'skip') AS skipped,
        max(kind = 'flag' AND text <> '') AS flagged, max(kind = 'note' AND text <> '') AS noted
    FROM in_force WHERE session_id = ? AND other_response_id IS NULL
    AND response_id NOT IN (SELECT response_id FROM known_answers) GROUP BY response_id
)"""

# CROSS JOIN keeps SQLite from beginning with all that the person ever judged: a report is short.
_BESIDE_REPORTS = f"""
SELECT
    mine.response_id, mine.criterion, graders.name AS report,
    mine.level AS level, mine.value AS value, theirs.level AS report_level, theirs.value AS report_value,
    coalesce(items.task_title, responses.task) AS task_title, responses.prompt_number,
    coalesce(items.title, '') AS prompt_title, coalesce(models.title, responses.model) AS model_title
FROM graders
CROSS JOIN in_force AS theirs ON theirs.grader_id = graders.id AND theirs.kind = 'grade'
CROSS JOIN in_force AS mine ON mine.response_id = theirs.response_id AND mine.grader_id IN {same_as("?")}
    AND mine.criterion = theirs.criterion AND mine.kind = 'grade'
JOIN responses ON responses.id = mine.response_id
LEFT JOIN items ON items.hash = responses.item_hash
LEFT JOIN models ON models.name = responses.model AND models.config_hash = responses.model_config_hash
WHERE graders.kind = 'report' AND mine.occasion = 'first' AND theirs.occasion = 'first'
    AND mine.other_response_id IS NULL AND theirs.other_response_id IS NULL
ORDER BY responses.task, responses.prompt_number, model_title, mine.response_id, mine.criterion, report"""

# What was given before is the oldest that stands: the second of a later pass is another repeat of it.
_AS_BEFORE = f"""
SELECT count(before) AS total, coalesce(sum(level = before), 0) AS same FROM (
    SELECT again.level AS level, (
        SELECT first.level FROM in_force AS first
        WHERE first.response_id = again.response_id AND first.criterion = again.criterion
            AND first.grader_id IN {same_as("again.grader_id")} AND first.kind = 'grade'
            AND first.occasion <> 'repeat' AND first.other_response_id IS NULL
        ORDER BY first.seq, first.id LIMIT 1
    ) AS before
    FROM in_force AS again
    WHERE again.session_id = ? AND again.occasion = 'repeat' AND again.kind = 'grade'
)"""


class Counts(Struct, frozen=True):
    """Responses by what stands of them; one that has grades and skips counts as graded."""

    graded: int
    skipped: int
    flagged: int
    noted: int


class BesideReport(Struct, frozen=True, kw_only=True):
    """A grade in force, and the one that a report gave by the same criterion."""

    response_id: str
    criterion: str
    report: str
    level: str
    value: float
    report_level: str
    report_value: float
    task_title: str
    prompt_number: int
    prompt_title: str
    model_title: str


_REPORTS = f"""
SELECT DISTINCT theirs.response_id FROM graders
CROSS JOIN judgements AS theirs ON theirs.grader_id = graders.id AND theirs.kind = 'grade'
WHERE graders.kind = 'report' AND EXISTS (
    SELECT 1 FROM judgements AS mine
    WHERE mine.response_id = theirs.response_id AND mine.grader_id IN {same_as(":grader")}
    AND mine.kind = 'grade' AND mine.seq < (
        SELECT max(looks.seq) FROM looks JOIN sessions ON sessions.id = looks.session_id
        WHERE sessions.grader_id IN {same_as(":grader")} AND looked_into = 'others'
    )
)"""


_LAST_LOOK = f"""(
    SELECT max(looks.seq) FROM looks JOIN sessions ON sessions.id = looks.session_id
    WHERE sessions.grader_id IN {same_as(":grader")} AND looked_into = 'results'
)"""

# Results show what anybody gave to the answers that their reader has judged.
_PEERS = f"""
SELECT DISTINCT mine.response_id FROM judgements AS mine
WHERE mine.grader_id IN {same_as(":grader")} AND mine.seq < {_LAST_LOOK}
AND mine.kind IN ('grade', 'skip') AND +mine.other_response_id IS NULL AND EXISTS (
    SELECT 1 FROM judgements AS theirs
    WHERE theirs.response_id = mine.response_id AND theirs.grader_id NOT IN {same_as(":grader")}
    AND theirs.kind = 'grade' AND theirs.seq < {_LAST_LOOK}
)"""


class Outcomes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_session(self, session_id: str) -> Counts:
        (row,) = self._connection.query(_COUNTS, [session_id])
        return Counts(**row)

    def as_before(self, session_id: str) -> tuple[int, int]:
        """Of the grades that were given once more in this session: how many are the same as before, and how
        many there are."""
        (row,) = self._connection.query(_AS_BEFORE, [session_id])
        return row["same"], row["total"]

    def seen_of_others(self, grader_id: str) -> set[str]:
        """The responses of which this grader has seen what a report gave, or in the results what anybody did.
        Its cost grows with the reports, and for whoever has looked at results with what they have judged."""
        sql = f"{_REPORTS} UNION {_PEERS}"
        return {row["response_id"] for row in self._connection.query(sql, {"grader": grader_id})}

    def beside_reports(self, grader_id: str) -> list[BesideReport]:
        """Of the responses that this grader has graded. Its cost grows with the reports."""
        rows = self._connection.query(_BESIDE_REPORTS, [grader_id])
        return list(self._connection.read(rows, BesideReport, "judgements"))
