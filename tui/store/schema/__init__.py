"""The tables, triggers and views of the database, a file for each group of tables."""

from __future__ import annotations

from typing import Final

from tui.store.schema import asking, generating, graders, judging, triggers, views

APPLICATION_ID: Final = 0x4C4C4D47
"""Marks the file as ours in its header: "LLMG"."""

SCHEMA_VERSION: Final = 7
"""The version of the first migration, in the header as user_version; a file without it is earlier."""

TABLES: Final = (
    generating.WEIGHTS,
    generating.MODELS,
    asking.RUBRICS,
    asking.ITEMS,
    asking.OWN_ITEMS,
    generating.RUNS,
    generating.IMPORTS,
    generating.RESPONSES,
    generating.KNOWN_ANSWERS,
    generating.CLAIMS,
    generating.CHECKS,
    graders.GRADERS,
    graders.GRADER_ALIASES,
    graders.STUDIES,
    graders.ASSIGNMENTS,
    graders.AMENDMENTS,
    graders.SESSIONS,
    judging.JUDGEMENTS,
    judging.REVEALS,
    judging.LOOKS,
    judging.GUESSES,
)
"""The tables, in an order in which each row comes after those it refers to."""

BY_NAME: Final = {table.name: table for table in TABLES}

FLAGS: Final = {table.name: table.flags for table in TABLES}
"""The columns of each table that are 0 or 1."""

STATEMENTS: Final = (
    *(statement for table in TABLES for statement in table.statements),
    *(trigger for table in TABLES if table.append_only for trigger in triggers.append_only(table)),
    *graders.SAME_GRADERS.statements,
    *triggers.append_only(graders.SAME_GRADERS),
    triggers.IS_THE_SAME,
    triggers.ARE_THE_SAME,
    triggers.NAMES_A_JUDGEMENT,
    triggers.FOLLOWS_A_TURN,
    views.arrivals(table for table in TABLES if table.is_ordered),
    views.STANDING,
    views.IN_FORCE,
    views.STORED_RESPONSES,
    views.TIDY_RESPONSES,
    views.TIDY_EVENTS,
    views.TIDY_JUDGEMENTS,
    views.TIDY_PREFERENCES,
)
