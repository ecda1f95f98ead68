"""The numbers of a report, against the exports of the same days, counted anew by hand."""

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Any, TypeVar

import pytest
from sqlalchemy.orm import Session

from dashboard import queries_report
from dashboard.queries_report import Range
from phoneline import exports, report_rules
from phoneline.db import Database
from phoneline.models import Person, ShiftHours
from phoneline.report_rules import MEASURES, Days, Tallies
from phoneline.states import (
    AttemptResult,
    CallOutcome,
    CallState,
    CheckinState,
    ContactKind,
    Direction,
    FollowUp,
    PlanKind,
    Role,
    SettledBy,
)
from tests import factories

DAYS = Days(date(2026, 10, 30), date(2026, 11, 3))
"""Clocks go back on one of them."""
SINCE, UNTIL = DAYS.bounds(factories.TORONTO)
NOW = UNTIL - timedelta(hours=7)
GRACE = 3600
Word = TypeVar("Word")
LONG, EDGE = timedelta(days=2), timedelta(microseconds=1)


class Chance:
    """Rows at random, many of them at the edges of the days and of what is counted."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.peers = [factories.person(session, now=SINCE) for _ in range(5)]
        self.volunteers = [factories.person(session, Role.VOLUNTEER, now=SINCE) for _ in range(3)]
        self.plans = [
            factories.plan(session, peer, SINCE.replace(tzinfo=None), SINCE, kind=kind)
            for peer in self.peers
            for kind in PlanKind
        ]
        for _ in range(60):
            self.call()
            self.contact()
        for number in range(30):
            self.checkin(timedelta(minutes=number))
        for starts in (*(self.at() for _ in range(6)), NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)):
            self.shift(starts)

    def at(self) -> datetime:
        edges = (SINCE, SINCE - EDGE, UNTIL, UNTIL - EDGE)
        anywhere = SINCE - LONG + self.random.random() * (UNTIL - SINCE + 2 * LONG)
        return self.random.choice((*edges, *[anywhere] * 12))

    def later(self, at: datetime, edge: float) -> datetime:
        """After `at`: often just at so many seconds, or a hair before or after."""
        near = timedelta(seconds=edge) + self.random.choice((-1, 0, 1)) * EDGE
        return at + self.random.choice((near, timedelta(seconds=self.random.random() * 3 * edge)))

    def somebody(self, of: list[Person]) -> str | None:
        return self.random.choice([*(one.id for one in of), None])

    def call(self) -> None:
        at, direction = self.at(), self.random.choice((*Direction, Direction.INBOUND))
        outcome = self.random.choice([*CallOutcome, CallOutcome.CONNECTED, None])
        if direction is Direction.OUTBOUND and outcome is not None:
            outcome = self.random.choice((CallOutcome.CONNECTED, None))
        ended = self.later(at, 10 if outcome is CallOutcome.ABANDONED else 400)
        given: dict[str, Any] = {"state": CallState.ENDED, "ended_at": ended, "outcome": outcome}
        if outcome is CallOutcome.CONNECTED:
            given |= {"answered_at": self.later(at, 30), "talk_seconds": self.random.choice((60.0, 59.999, 1800.5))}
            given |= {"volunteer_id": self.somebody(self.volunteers)}
        if outcome in {CallOutcome.VOICEMAIL, CallOutcome.CALLBACK}:
            given["way_out_at"] = self.later(at, 30)
        if self.random.random() < 0.1:
            given["carrier_sid"] = None
        factories.call(self.session, at, direction=direction, person_id=self.somebody(self.peers), **given)

    def contact(self) -> None:
        at, follow_up = self.at(), self.random.choice(list(FollowUp))
        kinds = (*ContactKind, ContactKind.VOICEMAIL)
        done = self.later(at, 60 * self.random.choice((1, 90))) if follow_up is FollowUp.DONE else None
        given = {"person_id": self.somebody(self.peers), "follow_up": follow_up, "done_at": done}
        kind = self.random.choice([one for one in kinds if one is not ContactKind.OUTREACH])
        factories.contact(self.session, at, kind=kind, **given)

    def checkin(self, apart: timedelta) -> None:
        of = self.random.choice(self.plans)
        due = self.at() + self.random.choice((-apart, apart))
        state = self.random.choice([*CheckinState, *[CheckinState.OK] * 4])
        settled = {"settled_at": self.later(due, GRACE), "settled_by": SettledBy.KEYPAD} if state == "ok" else {}
        made = factories.checkin(self.session, of, due, state=state, **settled)
        for _ in range(self.random.choice((0, 1, 2))):
            leg = factories.call(self.session, due, direction=Direction.OUTBOUND)
            factories.attempt(self.session, made, leg, due, over_at=due, result=AttemptResult.NO_ANSWER)

    def shift(self, starts: datetime) -> None:
        one = self.random.choice(self.volunteers).id
        learns = self.random.random() < 0.2
        hours = ShiftHours(person_id=one, tier=1, starts_at=starts, ends_at=self.later(starts, 7200), shadow=learns)
        self.session.add(hours)
        self.session.flush()


@pytest.mark.parametrize("seed", range(3))
def test_the_numbers_are_those_of_the_exports_to_the_unit(database: Database, seed: int) -> None:
    with database.transaction() as session:
        Chance(session, seed)
    with database.reading() as session:
        found = queries_report.tallies(session, Range(SINCE, UNTIL, NOW), GRACE)
    told = {name: list(exports.read(database, export, SINCE, UNTIL)) for name, export in exports.EXPORTS.items()}
    assert measured(found) == by_hand(told)
    assert in_minutes(found) == counted(minutes_to_done(told["contacts"]))
    assert report_rules.endings(found) == counted(one["outcome"] for one in inbound(told) if one["outcome"])
    assert report_rules.kinds(found) == counted(one["kind"] for one in told["contacts"])
    assert {one.person_id: (one.seconds, one.conversations, one.talk) for one in found.volunteers} == each(told)


def measured(found: Tallies) -> dict[str, float | None]:
    """All that the exports can tell."""
    untold = {"messages_seen", "messages_time", "continuity", "unreached_open", "unreached_age", "cost", "cost_known"}
    all_of_them = {name: one.of(found) for section in MEASURES.values() for name, one in section.items()}
    return {name: value for name, value in all_of_them.items() if name not in untold}


def in_minutes(found: Tallies) -> dict[int, int]:
    """The minutes until follow-ups were done, and how often."""
    minutes: dict[int, int] = {}
    for one in found.contacts:
        if one.minutes is not None:
            minutes[one.minutes] = minutes.get(one.minutes, 0) + one.count
    return minutes


Rows = list[dict[str, Any]]
Told = dict[str, Rows]


def inbound(told: Told) -> Rows:
    return [one for one in told["calls"] if one["direction"] == "inbound"]


def counted(found: Iterable[Word]) -> dict[Word, int]:
    all_of_them = list(found)
    return {one: all_of_them.count(one) for one in all_of_them}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def half(minutes: list[int]) -> int | None:
    return median_low(minutes) if minutes else None


def minutes_to_done(rows: Rows) -> list[int]:
    done = [one for one in rows if one["done_at"]]
    return [int((moment(one["done_at"]) - moment(one["at"])).total_seconds()) // 60 for one in done]


def seconds_on(told: Told) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in told["shifts"]:
        if one["person_id"] and not one["shadow"] and moment(one["starts_at"]) < NOW:
            ends = min(moment(one["ends_at"]), NOW)
            seconds = int((ends - moment(one["starts_at"])).total_seconds())
            found[one["person_id"]] = found.get(one["person_id"], 0) + seconds
    return found


def each(told: Told) -> dict[str, tuple[int, int, int]]:
    on = seconds_on(told)
    talked = [one for one in told["calls"] if one["outcome"] == "connected" and one["volunteer_id"]]
    everybody = {*on, *(one["volunteer_id"] for one in talked)}
    theirs = {who: [one["talk_seconds"] for one in talked if one["volunteer_id"] == who] for who in everybody}
    return {who: (on.get(who, 0), len(talk), sum(talk)) for who, talk in theirs.items()}


def by_hand(told: Told) -> dict[str, float | None]:
    return {**calls_by_hand(told), **contacts_by_hand(told), **checkins_by_hand(told), **people_by_hand(told)}


def calls_by_hand(told: Told) -> dict[str, float | None]:
    calls = inbound(told)
    sought = [one for one in calls if one["outcome"] not in {None, "information", "blocked"}]
    short = [one for one in sought if one["outcome"] == "abandoned" and one["wait_seconds"] < 10]
    judged = [one for one in sought if one not in short]
    answered = [one for one in judged if one["outcome"] == "connected"]
    talks = [one for one in told["calls"] if one["outcome"] == "connected"]
    talk = sum(one["talk_seconds"] for one in told["calls"])
    return {
        "received": len(calls),
        "sought": len(sought),
        "short": len(short),
        "answered": share(len(answered), len(judged)),
        "answered_soon": share(len([one for one in answered if one["wait_seconds"] <= 30]), len(judged)),
        "average_wait": share(sum(one["wait_seconds"] for one in answered), len(answered)),
        "longest_wait": max((one["wait_seconds"] for one in judged), default=None),
        "abandoned": share(len([one for one in judged if one["outcome"] == "abandoned"]), len(judged)),
        "conversations": len(talks),
        "talk": talk / 3600,
        "average_talk": share(talk, len(talks)),
        "load": share(len(talks), sum(seconds_on(told).values()) / 3600),
    }


def contacts_by_hand(told: Told) -> dict[str, float | None]:
    promised = [one for one in told["contacts"] if one["kind"] == "callback"]
    others = [one for one in told["contacts"] if one["kind"] != "callback" and one["follow_up"] != "none"]
    return {
        "contacts": len(told["contacts"]),
        "messages": len([one for one in told["contacts"] if one["kind"] == "voicemail"]),
        "callbacks": len(promised),
        "callbacks_kept": share(len([one for one in promised if one["follow_up"] == "done"]), len(promised)),
        "callbacks_time": half(minutes_to_done(promised)),
        "follow_ups": len(others),
        "follow_ups_done": share(len([one for one in others if one["follow_up"] == "done"]), len(others)),
        "follow_ups_time": half(minutes_to_done(others)),
    }


def checkins_by_hand(told: Told) -> dict[str, float | None]:
    heard = [one for one in told["checkins"] if one["state"] in {"ok", "talked"}]
    missed = [one for one in told["checkins"] if one["state"] in {"unreached", "expired"}]
    took = [
        int((moment(one["settled_at"]) - moment(one["due_at"])).total_seconds()) for one in heard if one["settled_at"]
    ]
    return {
        "checkins": len(heard) + len(missed),
        "reached": share(len(heard), len(heard) + len(missed)),
        "reached_in_time": share(len([one for one in took if one <= GRACE]), len(heard) + len(missed)),
        "attempts": share(sum(len(one["attempts"]) for one in heard), len(heard)),
        "unreached": len(missed),
    }


def people_by_hand(told: Told) -> dict[str, float | None]:
    people = {one["person_id"] for one in told["calls"] if one["outcome"] == "connected"}
    people |= {one["person_id"] for one in told["checkins"] if one["state"] in {"ok", "talked"}}
    people |= {one["person_id"] for one in told["contacts"] if one["kind"] == "in_person"}
    people |= {one["person_id"] for one in told["contacts"] if one["kind"] == "call" and one["call_id"] is None}
    seconds = seconds_on(told)
    return {
        "people": len(people - {None}),
        "volunteers": len([one for one in seconds.values() if one]),
        "hours": sum(seconds.values()) / 3600,
    }
