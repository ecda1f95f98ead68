"""What a log is told of a failed statement: which rule, and where in our code. Never the error's text.

That repeats values of the row: PostgreSQL writes out all of it when a check fails.
"""

import sqlite3
import traceback

from sqlalchemy.exc import SQLAlchemyError

OURS = frozenset({"phoneline", "webhooks", "dashboard"})
MOST_PLACES = 5


def of_database(error: BaseException | None) -> SQLAlchemyError | None:
    """The database's error that this one is, or that it came of."""
    while error is not None and not isinstance(error, SQLAlchemyError):
        error = error.__cause__ or error.__context__
    return error


def facts(error: BaseException) -> dict[str, str]:
    """The error's kind, the database's code for it, the rule that was broken, and the way there, innermost last."""
    original = getattr(error, "orig", None)
    told = getattr(original, "diag", None)
    found = {
        "kind": type(error).__name__,
        "code": getattr(told, "sqlstate", None) or getattr(original, "sqlite_errorname", None),
        "rule": getattr(told, "constraint_name", None) or _rule_of_sqlite(original),
        "at": _way(error),
    }
    return {name: str(value) for name, value in found.items() if value}


def _rule_of_sqlite(error: object) -> str | None:
    """Such as "UNIQUE constraint failed: alarm.subject": it names columns and rules, no values."""
    return str(error) if isinstance(error, sqlite3.IntegrityError) else None


def _way(error: BaseException) -> str:
    frames = [
        (frame.f_globals.get("__name__", ""), frame, line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    ours = [(name, frame, line) for name, frame, line in frames if name.partition(".")[0] in OURS]
    return " > ".join(f"{name}.{frame.f_code.co_name}:{line}" for name, frame, line in ours[-MOST_PLACES:])
