"""The schema, as migrations that are only ever added to: a released one is never edited.

Until 0.1.0 is released there is one, which is edited in place; SCHEMA_VERSION goes up each time then.

Tables are not STRICT: that needs SQLite 3.37, and the Python 3.11 of RHEL 8 and 9 or of Debian 11 brings an
older one, which could not even read a file with STRICT tables. CHECKs on typeof() say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlite_utils.migrations import Migrations

from tui.store.schema import APPLICATION_ID, SCHEMA_VERSION, STATEMENTS

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations: Final = Migrations("llm-grader")


@migrations()
def m001_responses_and_judgements(db: Database) -> None:
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    for statement in STATEMENTS:
        db.execute(statement)
