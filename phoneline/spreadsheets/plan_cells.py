"""The columns of the check-ins spreadsheet, and what they make of a plan. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from phoneline.models import CheckinPlan
from phoneline.plan_checks import Draft
from phoneline.recurrence import instant
from phoneline.spreadsheets import cells
from phoneline.spreadsheets.table import Column, Problem, Row
from phoneline.states import PlanKind, PlanVoicemail, Purpose

Pause = tuple[datetime | None, datetime | None]
_UNREADABLE = -1
"""In place of what is no number: refused in the same words as one that is too small."""


def _or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """As `read`; the word `none` empties the cell's setting."""
    return lambda text: cells.NONE if text.casefold() == cells.NONE else read(text)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else _UNREADABLE  # noqa: PLR2004 - more is too much


def _bare(text: str) -> str:
    return text.replace(" ", "")


COLUMNS = (
    Column("phone", cells.phone, needed=True, filled=True),
    Column("name", cells.name),
    Column("starts_at", cells.local_time, needed=True, filled=True),
    Column("rrule", cells.rule),
    Column("kind", cells.word(PlanKind), needed=True, filled=True),
    Column("purpose", cells.word(Purpose)),
    Column("volunteer_phone", cells.phone),
    Column("escalate_to", cells.phone),
    Column("ends_at", _or_none(cells.local_time)),
    Column("attempts", _or_none(_number)),
    Column("retry_seconds", _or_none(_number)),
    Column("ring_seconds", _or_none(_number)),
    Column("second_on_retry", cells.yes_or_no),
    Column("extension", _or_none(_bare)),
    Column("voicemail", cells.word(PlanVoicemail)),
    Column("discreet", cells.yes_or_no),
    Column("quiet", _or_none(_bare)),
    Column("topics", _or_none(lambda text: " ".join(text.split()))),
    Column("paused_from", _or_none(cells.local_time)),
    Column("paused_until", _or_none(cells.local_time)),
)
_FIELD_OF = {"ends_at": "ends_local"} | {
    name: name
    for name in (
        *("purpose", "escalate_to", "attempts", "retry_seconds", "ring_seconds", "second_on_retry"),
        *("extension", "voicemail", "discreet", "quiet", "topics"),
    )
}
COLUMN_OF = {"person": "phone", "volunteer_id": "volunteer_phone", "ends_local": "ends_at"}
"""The column of a draft's field, where it is called otherwise."""
ALWAYS = frozenset({"person", "kind", "rrule", "escalate_to"})
"""Fields that are refused even if the row changes nothing."""


def draft(row: Row, before: Draft, volunteer_id: str | None) -> Draft:
    """The plan as the row means it: a blank cell keeps what is there."""
    said = {field: row[column] for column, field in _FIELD_OF.items() if row[column] is not None}
    # Voicemail has a word `none` of its own.
    changed: dict[str, Any] = {
        field: None if value == cells.NONE and field != "voicemail" else value for field, value in said.items()
    }
    return replace(before, volunteer_id=volunteer_id or before.volunteer_id, **changed)


def pause(row: Row, plan: CheckinPlan | None, zone: ZoneInfo) -> Pause:
    """The pause as the row means it. Without its first instant there is none."""
    kept = (plan.paused_from, plan.paused_until) if plan else (None, None)
    since, until = (
        _instant(row[column], was, zone) for column, was in zip(("paused_from", "paused_until"), kept, strict=True)
    )
    return (since, until) if since is not None else (None, None)


def _instant(cell: datetime | str | None, was: datetime | None, zone: ZoneInfo) -> datetime | None:
    if cell is None:
        return was
    return instant(cell, zone) if isinstance(cell, datetime) else None


def check_pause(row: Row, plan: CheckinPlan | None, zone: ZoneInfo) -> Sequence[Problem]:
    since, until = pause(row, plan, zone)
    if since is None and isinstance(row["paused_until"], datetime):
        return [row.problem("paused_until", "is the end of a pause without a beginning; fill in paused_from too")]
    if since is not None and until is not None and until <= since:
        column = "paused_until" if row["paused_until"] else "paused_from"
        return [row.problem(column, "doesn't fit: a pause must end later than it begins")]
    return []
