import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from phoneline import exports
from phoneline.db import Database
from phoneline.models import Contact
from phoneline.states import (
    AttemptResult,
    CallOutcome,
    CallState,
    CheckinState,
    ContactKind,
    ContactOutcome,
    Direction,
    FollowUp,
    HandoverKind,
    OfferResult,
    Role,
    SettledBy,
)
from tests import factories

NOW = datetime(2026, 11, 22, 1, 2, 3, 456_789, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def rows(
    database: Database, kind: str, since: datetime | None = None, until: datetime | None = None
) -> list[dict[str, Any]]:
    return list(exports.read(database, exports.EXPORTS[kind], since, until))


def test_a_call_with_its_offers(database: Database) -> None:
    with database.transaction() as session:
        peer = factories.person(session, now=NOW)
        first, second = (factories.person(session, Role.VOLUNTEER, now=NOW) for _ in range(2))
        call = factories.call(
            session,
            NOW,
            person_id=peer.id,
            volunteer_id=second.id,
            state=CallState.ENDED,
            answered_at=NOW + 31.9 * SECOND,
            ended_at=NOW + 100 * SECOND,
            talk_seconds=61.7,
            outcome=CallOutcome.CONNECTED,
        )
        factories.offer(session, call, second, NOW + 22 * SECOND, OfferResult.ACCEPTED)
        factories.offer(session, call, first, NOW + SECOND, OfferResult.NO_ANSWER)
    assert rows(database, "calls") == [
        {
            "id": call.id,
            "carrier_sid": call.carrier_sid,
            "direction": "inbound",
            "started_at": "2026-11-22T01:02:03.456Z",
            "answered_at": "2026-11-22T01:02:35.356Z",
            "ended_at": "2026-11-22T01:03:43.456Z",
            "person_id": peer.id,
            "volunteer_id": second.id,
            "outcome": "connected",
            "wait_seconds": 31,
            "talk_seconds": 61,
            "offers": [
                {"volunteer_id": first.id, "offered_at": "2026-11-22T01:02:04.456Z", "result": "no_answer"},
                {"volunteer_id": second.id, "offered_at": "2026-11-22T01:02:25.456Z", "result": "accepted"},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("seconds", "waited"),
    [
        ({}, None),
        ({"ended_at": 90}, 90),
        ({"way_out_at": 40, "ended_at": 90}, 40),
        ({"answered_at": 10, "way_out_at": 40, "ended_at": 90}, 10),
        ({"way_out_at": 5, "answered_at": 10}, 5),
        ({"ended_at": -1}, 0),
    ],
)
def test_waiting_ends_with_what_comes_first(database: Database, seconds: dict[str, int], waited: int | None) -> None:
    with database.transaction() as session:
        factories.call(session, NOW, **{name: NOW + after * SECOND for name, after in seconds.items()})
    [row] = rows(database, "calls")
    assert row["wait_seconds"] == waited
    assert row["talk_seconds"] == 0
    assert row["offers"] == []
    assert row["outcome"] is None


def test_a_leg_that_never_came_to_be_is_no_call(database: Database) -> None:
    with database.transaction() as session:
        factories.call(session, NOW, direction=Direction.OUTBOUND, carrier_sid=None)
    assert rows(database, "calls") == []


def test_a_contact(database: Database) -> None:
    with database.transaction() as session:
        peer = factories.person(session, now=NOW)
        call = factories.call(session, NOW)
        contact = factories.contact(
            session,
            NOW,
            kind=ContactKind.VOICEMAIL,
            person_id=peer.id,
            call_id=call.id,
            outcome=ContactOutcome.URGENT,
            follow_up=FollowUp.WANTED,
            note="What nobody else should read",
            handed_over_at=NOW,
            handed_over_to=HandoverKind.CRISIS,
        )
    assert rows(database, "contacts") == [
        {
            "id": contact.id,
            "at": "2026-11-22T01:02:03.456Z",
            "kind": "voicemail",
            "person_id": peer.id,
            "volunteer_id": None,
            "outcome": "urgent",
            "follow_up": "wanted",
            "call_id": call.id,
            "handed_over_at": "2026-11-22T01:02:03.456Z",
            "handed_over_to": "crisis",
            "done_at": None,
        }
    ]


def test_a_check_in_with_its_attempts(database: Database) -> None:
    with database.transaction() as session:
        peer = factories.person(session, now=NOW)
        plan = factories.plan(session, peer, NOW.replace(tzinfo=None), NOW)
        checkin = factories.checkin(
            session,
            plan,
            NOW,
            state=CheckinState.OK,
            settled_at=NOW + 700 * SECOND,
            settled_by=SettledBy.KEYPAD,
        )
        calls = [factories.call(session, NOW, direction=Direction.OUTBOUND) for _ in range(2)]
        second = factories.attempt(session, checkin, calls[1], NOW + 600 * SECOND)
        second.over_at = NOW + 700 * SECOND
        session.flush()
        factories.attempt(session, checkin, calls[0], NOW, result=AttemptResult.NO_ANSWER, over_at=NOW)
    assert rows(database, "checkins") == [
        {
            "id": checkin.id,
            "person_id": peer.id,
            "due_at": "2026-11-22T01:02:03.456Z",
            "kind": "automated",
            "state": "ok",
            "attempts": [
                {"at": "2026-11-22T01:02:03.456Z", "carrier_sid": calls[0].carrier_sid, "result": "no_answer"},
                {"at": "2026-11-22T01:12:03.456Z", "carrier_sid": calls[1].carrier_sid, "result": None},
            ],
            "settled_at": "2026-11-22T01:13:43.456Z",
            "settled_by": "keypad",
        }
    ]


@pytest.mark.parametrize("kind", exports.EXPORTS)
def test_fields_stand_in_the_order_of_the_interface(database: Database, kind: str) -> None:
    factories.some_of_everything(database, NOW)
    found = rows(database, kind)
    assert found
    assert all(tuple(row) == exports.EXPORTS[kind].fields for row in found)


@pytest.mark.parametrize("kind", exports.EXPORTS)
def test_since_is_included_and_until_is_not(database: Database, kind: str) -> None:
    factories.some_of_everything(database, NOW)
    everything = rows(database, kind)
    export = exports.EXPORTS[kind]
    with database.reading() as session:
        ats = select(export.at).where(export.id.in_([row["id"] for row in everything])).order_by(export.at)
        found = list(session.scalars(ats))
    first, last = found[0], found[-1]
    instant = timedelta(microseconds=1)
    assert rows(database, kind, since=first) == everything
    assert rows(database, kind, until=last + instant) == everything
    assert rows(database, kind, until=first) == []
    assert rows(database, kind, since=last + instant) == []


def test_oldest_first_over_many_batches_each_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "BATCH", 3)
    with database.transaction() as session:
        # Several at the same instant, across the batches' edges.
        ats = [NOW + (index // 4) * SECOND for index in range(12)]
        made = [factories.contact(session, at) for at in reversed(ats)]
    found = rows(database, "contacts")
    assert [row["id"] for row in found] == [one.id for one in sorted(made, key=lambda one: (one.at, one.id))]


def test_a_batch_at_a_time_is_read(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "BATCH", 2)
    with database.transaction() as session:
        for index in range(5):
            factories.contact(session, NOW + index * SECOND)
    reading = exports.read(database, exports.EXPORTS["contacts"], None, None)
    first = next(reading)
    with database.transaction() as session:
        session.execute(delete(Contact))
    assert [first, *reading][2:] == []


def test_jsonl_and_csv_say_the_same(database: Database) -> None:
    with database.transaction() as session:
        volunteer = factories.person(session, Role.VOLUNTEER, now=NOW)
        factories.offer(session, factories.call(session, NOW), volunteer, NOW)
    fields = exports.EXPORTS["calls"].fields
    [plain] = rows(database, "calls")
    assert [json.loads(line) for line in exports.as_jsonl([plain])] == [plain]
    [row] = csv.DictReader(io.StringIO("".join(exports.as_csv([plain], fields))))
    assert list(row) == list(fields)
    assert json.loads(row["offers"]) == plain["offers"]
    assert row["answered_at"] == ""
    assert row["started_at"] == plain["started_at"]
    assert row["talk_seconds"] == "0"


def test_csv_without_rows_is_its_header() -> None:
    assert list(exports.as_csv([], ["id", "at"])) == ["id,at\n"]


@pytest.mark.parametrize("kind", exports.EXPORTS)
def test_no_name_no_number_and_nothing_that_a_spreadsheet_would_run(database: Database, kind: str) -> None:
    # Our exports hold ids, times, words and counts, never free text, so no cell can begin like a formula.
    with database.transaction() as session:
        peer = factories.person(session, name="=cmd()", numbers=["+14165550101"], now=NOW)
        call = factories.call(session, NOW, person_id=peer.id, number="+14165550101")
        factories.contact(session, NOW, person_id=peer.id, call_id=call.id, note="=1+1")
    factories.some_of_everything(database, NOW)
    text = "".join(exports.as_csv(rows(database, kind), exports.EXPORTS[kind].fields))
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert "55501" not in text
    assert "cmd" not in text
