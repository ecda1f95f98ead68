"""The exports: calls, contacts, check-ins and shifts as rows of ids, times and words; no name and no number is in them.

Fields, their order and their meaning are public (see the README, "Exports"): never dropped, only added.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from phoneline import csv_text
from phoneline.db import Database
from phoneline.models import Attempt, Call, Checkin, Contact, Offer, ShiftHours

BATCH = 500
Exported = dict[str, Any]


@dataclass(frozen=True)
class Export:
    """What one export reads: `at` orders it and is what `--since` and `--until` are about."""

    fields: Sequence[str]
    at: InstrumentedAttribute[datetime]
    id: InstrumentedAttribute[str]
    rows: Select[*tuple[Any, ...]]
    finish: Callable[[Session, Sequence[RowMapping]], list[Exported]]


def read(database: Database, export: Export, since: datetime | None, until: datetime | None) -> Iterator[Exported]:
    """The rows with `since` <= at < `until`, oldest first: a batch in memory at a time, no transaction held between."""
    query = export.rows.order_by(export.at, export.id).limit(BATCH)
    if since is not None:
        query = query.where(export.at >= since)
    if until is not None:
        query = query.where(export.at < until)
    last = None
    while True:
        after = query
        if last is not None:
            at, key = last[export.at.key], last["id"]
            after = query.where(or_(export.at > at, and_(export.at == at, export.id > key)))
        with database.reading() as session:
            batch = session.execute(after).mappings().all()
            finished = export.finish(session, batch)
        yield from finished
        if len(batch) < BATCH:
            return
        last = batch[-1]


def as_jsonl(rows: Iterable[Exported]) -> Iterator[str]:
    """Each row as a line with one JSON object."""
    for row in rows:
        yield _json(row) + "\n"


def as_csv(rows: Iterable[Exported], fields: Sequence[str]) -> Iterator[str]:
    """A header, then each row as a line; nested values are JSON and null is an empty cell."""
    yield csv_text.line(fields)
    for row in rows:
        yield csv_text.line([_cell(row[field]) for field in fields])


def _cell(value: str | int | list[Exported] | None) -> str | int | None:
    return _json(value) if isinstance(value, list) else value


def _json(value: Exported | list[Exported]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _time(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, always with milliseconds, so that the text sorts as the time does."""
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _whole_seconds(start: datetime, ends: Iterable[datetime | None]) -> int | None:
    """From `start` to the earliest of `ends`; None while there is none."""
    reached = [end for end in ends if end is not None]
    return max(0, int((min(reached) - start).total_seconds())) if reached else None


def _by(key: str, rows: Iterable[RowMapping]) -> Mapping[str, list[RowMapping]]:
    found: dict[str, list[RowMapping]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _calls(session: Session, calls: Sequence[RowMapping]) -> list[Exported]:
    query = (
        select(Offer.call_id, Offer.volunteer_id, Offer.offered_at, Offer.result)
        .where(Offer.call_id.in_([call["id"] for call in calls]))
        .order_by(Offer.offered_at, Offer.id)
    )
    offers = _by("call_id", session.execute(query).mappings())
    return [
        {
            "id": call["id"],
            "carrier_sid": call["carrier_sid"],
            "direction": call["direction"],
            "started_at": _time(call["started_at"]),
            "answered_at": _time(call["answered_at"]),
            "ended_at": _time(call["ended_at"]),
            "person_id": call["person_id"],
            "volunteer_id": call["volunteer_id"],
            "outcome": call["outcome"],
            "wait_seconds": _whole_seconds(
                call["started_at"], [call["answered_at"], call["way_out_at"], call["ended_at"]]
            ),
            "talk_seconds": int(call["talk_seconds"]),
            "offers": [
                {
                    "volunteer_id": offer["volunteer_id"],
                    "offered_at": _time(offer["offered_at"]),
                    "result": offer["result"],
                }
                for offer in offers[call["id"]]
            ],
        }
        for call in calls
    ]


def _contacts(_session: Session, contacts: Sequence[RowMapping]) -> list[Exported]:
    times = ("at", "handed_over_at", "done_at")
    return [dict(one) | {name: _time(one[name]) for name in times} for one in contacts]


def _checkins(session: Session, checkins: Sequence[RowMapping]) -> list[Exported]:
    query = (
        select(Attempt.checkin_id, Attempt.at, Call.carrier_sid, Attempt.result)
        .join(Call, Call.id == Attempt.call_id)
        .where(Attempt.checkin_id.in_([checkin["id"] for checkin in checkins]))
        .order_by(Attempt.at, Attempt.id)
    )
    attempts = _by("checkin_id", session.execute(query).mappings())
    return [
        {
            "id": checkin["id"],
            "person_id": checkin["person_id"],
            "due_at": _time(checkin["due_at"]),
            "kind": checkin["kind"],
            "state": checkin["state"],
            "attempts": [
                {"at": _time(attempt["at"]), "carrier_sid": attempt["carrier_sid"], "result": attempt["result"]}
                for attempt in attempts[checkin["id"]]
            ],
            "settled_at": _time(checkin["settled_at"]),
            "settled_by": checkin["settled_by"],
        }
        for checkin in checkins
    ]


def _shifts(_session: Session, hours: Sequence[RowMapping]) -> list[Exported]:
    times = ("starts_at", "ends_at", "confirmed_at")
    return [dict(one) | {name: _time(one[name]) for name in times} for one in hours]


_CALL_COLUMNS = (
    Call.id,
    Call.carrier_sid,
    Call.direction,
    Call.started_at,
    Call.answered_at,
    Call.way_out_at,
    Call.ended_at,
    Call.person_id,
    Call.volunteer_id,
    Call.outcome,
    Call.talk_seconds,
)
_CONTACT_COLUMNS = (
    Contact.id,
    Contact.at,
    Contact.kind,
    Contact.person_id,
    Contact.volunteer_id,
    Contact.outcome,
    Contact.follow_up,
    Contact.call_id,
    Contact.handed_over_at,
    Contact.handed_over_to,
    Contact.done_at,
)
_CHECKIN_COLUMNS = (
    Checkin.id,
    Checkin.person_id,
    Checkin.due_at,
    Checkin.kind,
    Checkin.state,
    Checkin.settled_at,
    Checkin.settled_by,
)
_SHIFT_COLUMNS = (
    ShiftHours.id,
    ShiftHours.shift_id,
    ShiftHours.person_id,
    ShiftHours.tier,
    ShiftHours.starts_at,
    ShiftHours.ends_at,
    ShiftHours.shadow,
    ShiftHours.confirmed_at,
)
EXPORTS: Mapping[str, Export] = {
    "contacts": Export(
        fields=(
            "id",
            "at",
            "kind",
            "person_id",
            "volunteer_id",
            "outcome",
            "follow_up",
            "call_id",
            "handed_over_at",
            "handed_over_to",
            "done_at",
        ),
        at=Contact.at,
        id=Contact.id,
        rows=select(*_CONTACT_COLUMNS),
        finish=_contacts,
    ),
    "calls": Export(
        fields=(
            "id",
            "carrier_sid",
            "direction",
            "started_at",
            "answered_at",
            "ended_at",
            "person_id",
            "volunteer_id",
            "outcome",
            "wait_seconds",
            "talk_seconds",
            "offers",
        ),
        at=Call.started_at,
        id=Call.id,
        # A leg that the carrier never placed was no call.
        rows=select(*_CALL_COLUMNS).where(Call.carrier_sid.is_not(None)),
        finish=_calls,
    ),
    "checkins": Export(
        fields=("id", "person_id", "due_at", "kind", "state", "attempts", "settled_at", "settled_by"),
        at=Checkin.due_at,
        id=Checkin.id,
        rows=select(*_CHECKIN_COLUMNS),
        finish=_checkins,
    ),
    "shifts": Export(
        fields=("id", "shift_id", "person_id", "tier", "starts_at", "ends_at", "shadow", "confirmed_at"),
        at=ShiftHours.starts_at,
        id=ShiftHours.id,
        # Dates that don't take place, and hours left before they began, last for no time at all.
        rows=select(*_SHIFT_COLUMNS).where(ShiftHours.starts_at < ShiftHours.ends_at),
        finish=_shifts,
    ),
}
