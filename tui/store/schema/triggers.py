"""Triggers: what is stored stays as it was stored, and an undo or redo names a judgement that it may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.store.schema.columns import Table


def append_only(table: Table) -> tuple[str, ...]:
    """Refusals of UPDATE and DELETE, and of INSERT OR REPLACE, which deletes the row in its way without
    asking a DELETE trigger."""
    refuse = f"ON {table.name} BEGIN SELECT RAISE(ABORT, '{table.name} are only ever added to'); END"
    same = " AND ".join(f"{column} = NEW.{column}" for column in table.key)
    return (
        *(
            f"CREATE TRIGGER {table.name}_refuse_{action.lower()} BEFORE {action} {refuse}"
            for action in ("UPDATE", "DELETE")
        ),
        f"CREATE TRIGGER {table.name}_refuse_replace BEFORE INSERT ON {table.name}"
        f" WHEN EXISTS (SELECT 1 FROM {table.name} WHERE {same})"
        f" BEGIN SELECT RAISE(ABORT, 'this row of {table.name} is there already'); END",
    )


IS_THE_SAME: Final = """
CREATE TRIGGER graders_are_the_same AFTER INSERT ON graders
BEGIN INSERT INTO same_graders VALUES (NEW.id, NEW.id); END"""

ARE_THE_SAME: Final = """
CREATE TRIGGER grader_aliases_are_the_same AFTER INSERT ON grader_aliases
BEGIN
    INSERT INTO same_graders
    SELECT one.other_id, two.other_id FROM same_graders AS one, same_graders AS two
    WHERE one.grader_id IN (NEW.grader_id, NEW.same_as) AND two.grader_id IN (NEW.grader_id, NEW.same_as)
    AND NOT EXISTS (SELECT 1 FROM same_graders WHERE grader_id = one.other_id AND other_id = two.other_id);
END"""
"""Each grader whom the one was the same as is now the same as each whom the other was."""

# Both ask only for what stays true, so that a merge may bring the rows in the order of their origin.
NAMES_A_JUDGEMENT: Final = """
CREATE TRIGGER judgements_name_a_judgement BEFORE INSERT ON judgements
WHEN NEW.kind IN ('undo', 'redo') AND NOT EXISTS (
    SELECT 1 FROM judgements WHERE id = NEW.names AND kind NOT IN ('undo', 'redo')
    AND grader_id IN (SELECT other_id FROM same_graders WHERE grader_id = NEW.grader_id)
    AND response_id = NEW.response_id
    AND other_response_id IS NEW.other_response_id
    AND criterion IS NEW.criterion AND occasion = NEW.occasion
)
BEGIN SELECT RAISE(ABORT, 'an undo or redo names a judgement of the same grader and response'); END"""

FOLLOWS_A_TURN: Final = """
CREATE TRIGGER responses_follow_a_turn BEFORE INSERT ON responses
WHEN NEW.follows IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM responses WHERE id = NEW.follows AND turn = NEW.turn - 1
    AND task = NEW.task AND prompt_hash = NEW.prompt_hash AND model = NEW.model
)
BEGIN SELECT RAISE(ABORT, 'a turn follows the turn before of the same item and model'); END"""
