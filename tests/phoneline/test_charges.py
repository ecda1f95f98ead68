"""What calls and texts cost, asked of a carrier that says it late, or never."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from phoneline import charges
from phoneline.carrier import NotThereError, Price, UnknownError
from phoneline.carrier.twilio import _price
from phoneline.charges import PAUSES, Watch
from phoneline.db import Database
from phoneline.line import Line
from phoneline.live_settings import LiveSettingsCache
from phoneline.models import Charge, TextIn
from phoneline.states import CallState, Direction, LegState, TextState
from phoneline.text_states import TextMeaning
from tests import factories
from tests.webhooks.carrier import Records, settings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
"""Ago, when everything here was."""


@dataclass(frozen=True)
class Later(Line):
    """A line at which it is the instant that a test says."""

    at: datetime = NOW

    @property
    def now(self) -> datetime:
        return self.at


@pytest.fixture
def records() -> Records:
    return Records()


def line_at(database: Database, records: Records, at: datetime) -> Later:
    url = database.engine.url.render_as_string(hide_password=False)
    return Later(settings(url), database, records, LiveSettingsCache(database), at=at)


def known(database: Database) -> dict[str, tuple[int | None, str | None]]:
    with database.reading() as session:
        return {one.carrier_sid: (one.micros, one.unit) for one in session.scalars(select(Charge))}


def a_call(database: Database, at: datetime = NOW - HOUR) -> str:
    with database.transaction() as session:
        over = {"state": CallState.ENDED, "ended_at": at + timedelta(minutes=2)}
        return factories.call(session, at, **over).carrier_sid or ""


def test_each_answered_call_and_each_text_is_asked_for_once_it_is_long_enough_over(
    database: Database, records: Records
) -> None:
    over = {"state": LegState.ENDED, "dialled_at": NOW - HOUR, "ended_at": NOW - HOUR / 2}
    with database.transaction() as session:
        factories.leg(session, NOW - HOUR, carrier_sid="CAanswered", answered_at=NOW - HOUR, **over)
        factories.leg(session, NOW - HOUR, carrier_sid="CAnobody", **over)
        factories.call(session, NOW - HOUR, carrier_sid="CAoutbound", direction=Direction.OUTBOUND, ended_at=NOW - HOUR)
        factories.call(session, NOW - HOUR, carrier_sid="CAstill talking")
        factories.text_out(session, NOW - HOUR, carrier_sid="SMsent", state=TextState.DELIVERED)
        factories.text_out(session, NOW - HOUR, carrier_sid="SMfailed", state=TextState.FAILED)
        session.add(TextIn(message_sid="SMarrived", at=NOW - HOUR, meaning=TextMeaning.WORDS))
    came, just_now = a_call(database), a_call(database, NOW - timedelta(minutes=5))
    long_ago = a_call(database, NOW - timedelta(days=4))
    records.prices["CAanswered"] = Price(28_000, "USD")
    charges.ask_due(line_at(database, records, NOW))
    asked = {("price of call", "CAanswered"), ("price of call", came), *(("price of text", one) for one in TEXTS)}
    assert set(records.asked) == asked
    assert {just_now, long_ago} & known(database).keys() == set()
    assert known(database)["CAanswered"] == (28_000, "USD")
    charges.ask_due(line_at(database, records, NOW + timedelta(minutes=1)))
    assert len(records.asked) == len(asked)


TEXTS = ("SMsent", "SMarrived")


def test_a_price_that_comes_late_is_asked_for_again_and_one_that_never_comes_is_given_up(
    database: Database, records: Records
) -> None:
    late, never, gone, trouble = (a_call(database) for _ in range(4))
    records.prices = {gone: NotThereError("404"), trouble: UnknownError("a time-out")}
    at = NOW
    for pause in (*PAUSES, HOUR, HOUR):
        charges.ask_due(line_at(database, records, at))
        records.prices[late] = Price(8_500, "CAD")
        at += pause
    nothing = (None, None)
    assert known(database) == {late: (8_500, "CAD"), never: nothing, gone: nothing, trouble: nothing}
    tries = {sid: len([one for _what, one in records.asked if one == sid]) for sid in (late, never, gone, trouble)}
    assert tries == {late: 2, never: len(PAUSES) + 1, gone: 1, trouble: len(PAUSES) + 1}


def test_the_clock_looks_once_a_minute(database: Database, records: Records) -> None:
    watch, first = Watch(), a_call(database)
    watch.tick(line_at(database, records, NOW))
    second = a_call(database)
    watch.tick(line_at(database, records, NOW + timedelta(seconds=59)))
    assert [sid for _what, sid in records.asked] == [first]
    watch.tick(line_at(database, records, NOW + timedelta(seconds=60)))
    assert [sid for _what, sid in records.asked] == [first, second]


@pytest.mark.parametrize(
    ("amount", "unit", "price"),
    [
        ("-0.03000", "USD", Price(30_000, "USD")),
        ("0.0085", "cad", Price(8_500, "CAD")),
        ("0", "USD", Price(0, "USD")),
        (None, "USD", None),
        ("", "USD", None),
        ("-0.03", None, None),
    ],
)
def test_a_price_is_what_is_owed_in_millionths(amount: str | None, unit: str | None, price: Price | None) -> None:
    assert _price(amount, unit) == price


def test_a_price_that_is_no_number_is_none() -> None:
    with pytest.raises(UnknownError):
        _price("soon", "USD")
