"""What is on, heard by key 2 and changed by the team, at a known hour: a Tuesday, 10 AM in Toronto."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import activity_plans, activity_rows, programme, programme_visit, signups
from phoneline.activity_drafts import ActivityRefusedError, Draft, Fault, Words
from phoneline.activity_plans import Act
from phoneline.activity_states import ActivityKind
from phoneline.crypto import Vault, lookup_hash
from phoneline.db import lookup_key
from phoneline.home import Home
from phoneline.live_settings import LiveSettings
from phoneline.models import ActivitySignup, ActivityWords, ProgrammeVisit
from phoneline.prompts import catalogue
from phoneline.shift_plans import Which
from phoneline.signups import Guest
from phoneline.states import CallState
from tests import factories
from tests.databases import Databases
from tests.phoneline.plan_phone import TO_A_PERSON, heard

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ACT = Act(None, factories.TORONTO, NOW)
LIVE = LiveSettings(home=Home(number="+14165550100"))
WORDS = catalogue("en")
SILENCE = None


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}")


@pytest.fixture
def session(databases: Databases, vault: Vault) -> Iterator[Session]:
    """One kind will do: both are asked in `tests/webhooks/test_programme.py` and by the pages."""
    with databases.opened("sqlite") as database, database.transaction() as session:
        yield session


class Phone:
    """A call, from key 2 on."""

    def __init__(self, session: Session, now: datetime = NOW, **given: Any) -> None:
        self.session, self.now = session, now
        given = {"number": factories.number(900), "state": CallState.GREETING} | given
        self.call = factories.call(session, now, **given)
        self.first = self.two()

    def two(self) -> str:
        return heard(programme_visit.knock(self.session, self.call, LIVE, self.now))

    @property
    def step(self) -> int:
        return self.session.get_one(ProgrammeVisit, self.call.id).step

    def press(self, *keys: str | None) -> str:
        """What is heard in the end."""
        return [heard(programme_visit.answer(self.session, self.call, self.step, key, LIVE, self.now)) for key in keys][
            -1
        ]


def signed_up(session: Session) -> list[tuple[str, str | None]]:
    """Date and person of all who are on a list."""
    rows = session.scalars(select(ActivitySignup).filter_by(withdrawn_at=None).order_by(ActivitySignup.occurs_local))
    return [(f"{one.occurs_local:%d %H:%M}", one.person_id) for one in rows]


def dates(session: Session, days: int = 8) -> list[str]:
    """What takes place from now on."""
    found = programme.between(session, factories.TORONTO, NOW, NOW + timedelta(days=days))
    return [f"{one.starts_at.astimezone(factories.TORONTO):%d %H:%M}" for one in found if not one.off]


def a_draft(starts: str = "26T14:00", **given: Any) -> Draft:
    words = {"en": Words("Crafts", "the blue house")}
    return replace(Draft(at(starts), at(starts) + timedelta(hours=2), words), **given)


# By telephone


def test_what_is_on_today_and_not_over_is_read_in_order_and_then_a_person_is_rung(session: Session) -> None:
    factories.activity(session, at("24T14:30"), title="Trivia night")
    words = [ActivityWords(language="en", title="Yoga", place="Room 2")]
    factories.activity(session, at("24T09:30"), words=words, kind=ActivityKind.IN_PERSON)
    factories.activity(session, at("24T08:00"), title="Over by now")
    factories.activity(session, at("25T08:00"), title="Tomorrow's")
    phone = Phone(session)
    assert phone.first == phone.two(), "the same request again"
    assert phone.first.startswith(f"{WORDS['programme_today']} From now until 10:30 AM: Yoga. It's in person. Room 2. ")
    assert WORDS["programme_key_sign_up"] not in phone.first, "it has begun"
    assert phone.press("7") == phone.press("*"), "a wrong key hears it once more"
    second = phone.press(SILENCE)
    assert second == f"Today from 2:30 to 3:30 PM: Trivia night. It's by phone. {WORDS['programme_key_sign_up']}"
    assert phone.press("#") == WORDS["programme_more"]
    assert phone.press("*").startswith("From now until"), "all of it again"
    assert phone.press("#", "#", SILENCE) == TO_A_PERSON
    assert phone.call.informed_at == NOW


def test_0_rings_a_person_at_any_time(session: Session) -> None:
    factories.activity(session, at("24T14:00"))
    phone = Phone(session)
    assert phone.press("0") == TO_A_PERSON
    assert phone.press("1") == TO_A_PERSON, "a key that comes late changes nothing"
    assert signed_up(session) == []


@pytest.mark.parametrize(("rrule", "starts"), [("", "24T08:00"), ("FREQ=DAILY", "20T09:00")])
def test_once_today_is_over_tomorrow_is_read_and_without_either_that_is_said(
    session: Session, rrule: str, starts: str
) -> None:
    assert Phone(session).first == f"{WORDS['programme_nothing']} {TO_A_PERSON}"
    factories.activity(session, at(starts), title="Over", rrule=rrule)
    factories.activity(session, at("26T09:00"), title="Too far")
    if not rrule:
        assert not programme.is_anything_on(session, factories.TORONTO, NOW)
        factories.activity(session, at("25T09:00"), title="Over")
    said = Phone(session).first
    assert said.startswith(f"{WORDS['programme_tomorrow']} Tomorrow from 9 to 10 AM: Over.")
    assert "Too far" not in said
    assert programme.is_anything_on(session, factories.TORONTO, NOW)


def test_what_is_off_or_not_shown_yet_or_no_longer_is_not_read(session: Session) -> None:
    daily = factories.activity(session, at("20T14:00"), rrule="FREQ=DAILY")
    for which in (at("24T14:00"), at("25T14:00")):
        activity_plans.take_off(session, daily.id, which, Which.ONE, ACT)
    factories.activity(session, at("24T15:00"), shown_from=date(2026, 11, 25))
    factories.activity(session, at("24T16:00"), shown_until=date(2026, 11, 23))
    assert not programme.is_anything_on(session, factories.TORONTO, NOW)
    assert TO_A_PERSON in Phone(session).first


def test_somebody_signs_up_once_is_taken_off_again_and_both_is_said(session: Session) -> None:
    factories.activity(session, at("24T14:00"), rrule="FREQ=DAILY")
    peer = factories.person(session, now=NOW)
    phone = Phone(session, person_id=peer.id)
    said = phone.press("1")
    assert said == f"{WORDS['programme_signed']} {WORDS['programme_key_off']}"
    assert signed_up(session) == [("24 14:00", peer.id)]
    late = heard(programme_visit.answer(session, phone.call, phone.step - 1, "1", LIVE, NOW))
    assert (late, signed_up(session)) == (said, [("24 14:00", peer.id)]), "the same request again"
    again = Phone(session, person_id=peer.id)
    assert again.first.endswith(f"{WORDS['programme_on_list']} {WORDS['programme_key_off']}")
    assert again.press("1") == f"{WORDS['programme_withdrawn']} {WORDS['programme_key_sign_up']}"
    assert signed_up(session) == []
    again.press("1")
    assert len(session.scalars(select(ActivitySignup)).all()) == 1


def test_a_telephone_of_nobody_we_know_is_on_the_list_and_whose_is_withheld_keys_one_in(session: Session) -> None:
    factories.activity(session, at("24T14:00"))
    assert WORDS["programme_signed"] in Phone(session).press("1")
    hidden = Phone(session, number=None)
    assert hidden.press("1") == WORDS["programme_number"]
    assert hidden.press("12") == f"{WORDS['programme_unclear']} {WORDS['programme_number']}"
    assert hidden.press("4165550123").startswith(WORDS["programme_signed"])
    numbers = {one.number for one in session.scalars(select(ActivitySignup))}
    assert numbers == {factories.number(900), "+14165550123"}
    silent = Phone(session, number=None)
    assert silent.press("1", SILENCE).startswith(WORDS["programme_not_signed"])


def test_who_keys_in_anothers_number_learns_nothing_of_them_and_takes_them_off_no_list(session: Session) -> None:
    factories.activity(session, at("24T14:00"))
    later = factories.activity(session, at("24T15:00"))
    number = factories.number(123)
    hashed = lookup_hash(lookup_key(session), number)
    about = {"number": number, "number_hash": hashed, "at": NOW - timedelta(hours=1)}
    theirs = ActivitySignup(activity_id=later.id, occurs_local=later.starts_local, **about)
    session.add(theirs)
    hidden = Phone(session, number=None)
    hidden.press("1")
    assert WORDS["programme_key_off"] in hidden.press(number.removeprefix("+1")), "what they did just now"
    following = hidden.press("#")
    assert WORDS["programme_key_sign_up"] in following
    assert WORDS["programme_on_list"] not in following
    assert hidden.press("1") == WORDS["programme_signed"], "as if they hadn't been"
    hidden.press("1")
    assert theirs.withdrawn_at is None
    assert WORDS["programme_on_list"] in Phone(session, number=number).press("#"), "from that telephone"


def test_what_is_full_or_not_to_be_signed_up_for_by_key_takes_nobody(session: Session) -> None:
    factories.activity(session, at("24T14:00"), places=1)
    factories.activity(session, at("24T15:00"), by_key=False)
    first, second = Phone(session), Phone(session, number=factories.number(901))
    assert WORDS["programme_key_sign_up"] in second.first
    first.press("1")
    assert second.press("1") == f"{WORDS['programme_full']} {WORDS['programme_key_next']}", "while they listened"
    assert WORDS["programme_full"] in Phone(session, number=factories.number(902)).first
    assert "1" not in second.press("#").removeprefix("Today from 3 to 4 PM"), "no key is spoken"
    second.press("1")
    assert len(signed_up(session)) == 1


def test_each_hears_what_is_held_in_their_language_first_what_they_like_and_never_nothing(session: Session) -> None:
    french = [ActivityWords(language="fr", title="Yoga doux"), ActivityWords(language="en", title="Yoga")]
    factories.activity(session, at("24T11:00"), words=french, held_in=["fr"], interests=["yoga"])
    said = Phone(session).first
    assert "Yoga. It's by phone. It's held in French." in said, "there is nothing else"
    factories.activity(session, at("24T12:00"), title="Trivia", interests=["trivia"])
    crafts = factories.activity(session, at("24T13:00"), title="Crafts", interests=["crafts"])
    phone = Phone(session)
    assert "Trivia" in phone.first
    assert "Crafts" in phone.press("#")
    assert phone.press("#") == WORDS["programme_more"]
    in_french = Phone(session, language="fr")
    assert "Yoga doux" in in_french.first
    assert "Trivia" in in_french.press("#"), "what is for everybody; its name as it was written"
    peer = factories.person(session, now=NOW)
    happening = programme.happening(session, crafts.id, at("24T13:00"), factories.TORONTO)
    assert happening is not None
    signups.sign_up(session, happening, Guest(peer.id), NOW)
    assert "Crafts" in Phone(session, person_id=peer.id).first


# Changed by the team


def test_one_date_is_changed_with_everybody_on_its_list_and_that_is_undone(session: Session) -> None:
    made = factories.activity(session, at("24T14:00"), rrule="FREQ=WEEKLY")
    peer = factories.person(session, now=NOW)
    happening = programme.happening(session, made.id, at("24T14:00"), factories.TORONTO)
    assert happening is not None
    signups.sign_up(session, happening, Guest(peer.id), NOW)
    draft = replace(activity_rows.draft_of(made), starts_local=at("25T16:00"), ends_local=at("25T17:00"))
    change = activity_plans.change(session, made.id, at("24T14:00"), Which.ONE, draft, ACT)
    assert change is not None
    assert dates(session) == ["25 16:00", "01 14:00"]
    assert signed_up(session) == [("25 16:00", peer.id)]
    activity_plans.undo(session, change.id, ACT)
    assert dates(session) == ["24 14:00", "01 14:00"]
    assert signed_up(session) == [("24 14:00", peer.id)]
    activity_plans.undo(session, change.id, ACT)
    assert dates(session) == ["24 14:00", "01 14:00"], "once is enough"


@pytest.mark.parametrize(
    ("which", "on", "left"),
    [
        (Which.ONE, "26T14:00", ["24 14:00", "25 14:00", "26 15:00", "27 14:00"]),
        (Which.FROM_HERE, "26T14:00", ["24 14:00", "25 14:00", "26 15:00", "27 15:00"]),
        (Which.ALL, "26T14:00", ["24 15:00", "25 15:00", "26 15:00", "27 15:00"]),
    ],
)
def test_an_activity_changes_for_one_date_or_from_it_on_or_altogether(
    session: Session, which: Which, on: str, left: list[str]
) -> None:
    made = factories.activity(session, at("20T14:00"), rrule="FREQ=DAILY", title="Walks")
    before = dates(session, 4)
    draft = replace(activity_rows.draft_of(made), starts_local=at(on) + timedelta(hours=1))
    change = activity_plans.change(session, made.id, at(on), which, replace(draft, ends_local=at("26T17:00")), ACT)
    assert change is not None
    assert dates(session, 4) == left
    past = programme.between(session, factories.TORONTO, NOW - timedelta(days=4), NOW)
    assert {f"{one.occurs_local:%H:%M}" for one in past} == {"14:00"}, "what has been stays"
    activity_plans.undo(session, change.id, ACT)
    assert dates(session, 4) == before


def test_every_other_week_stays_those_weeks_and_its_weekday_moves_along(session: Session) -> None:
    made = factories.activity(session, at("09T14:00"), rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
    assert dates(session, 30) == ["07 14:00", "21 14:00"]
    on = at("30T14:00") + timedelta(days=7)
    two = timedelta(days=2)
    draft = replace(activity_rows.draft_of(made), starts_local=on + two, ends_local=on + two + timedelta(hours=1))
    activity_plans.change(session, made.id, on, Which.ALL, draft, ACT)
    assert dates(session, 30) == ["09 14:00", "23 14:00"]


def test_a_title_changed_for_all_leaves_dates_and_lists_as_they_are(session: Session) -> None:
    made = factories.activity(session, at("20T14:00"), rrule="FREQ=DAILY")
    before = dates(session)
    happening = programme.happening(session, made.id, at("27T14:00"), factories.TORONTO)
    assert happening is not None
    signups.sign_up(session, happening, Guest(name="Somebody"), NOW)
    draft = replace(activity_rows.draft_of(made), starts_local=at("27T14:00"), ends_local=at("27T15:00"))
    assert activity_plans.change(session, made.id, at("27T14:00"), Which.ALL, draft, ACT) is None
    words = {"en": Words("Quiz"), "fr": Words("Jeu")}
    changed = activity_plans.change(session, made.id, at("27T14:00"), Which.ALL, replace(draft, words=words), ACT)
    assert changed is not None
    assert (dates(session), signed_up(session)) == (before, [("27 14:00", None)])
    assert {one.title for one in made.words} == {"Quiz", "Jeu"}
    activity_plans.undo(session, changed.id, ACT)
    assert [one.title for one in made.words] == ["Trivia"]


@pytest.mark.parametrize(
    ("which", "left"),
    [
        (Which.ONE, ["24 14:00", "25 14:00", "27 14:00"]),
        (Which.FROM_HERE, ["24 14:00", "25 14:00"]),
        (Which.ALL, []),
    ],
)
def test_it_is_taken_off_for_one_date_or_from_it_on_or_altogether_and_put_back(
    session: Session, which: Which, left: list[str]
) -> None:
    made = factories.activity(session, at("20T14:00"), rrule="FREQ=DAILY")
    off = activity_plans.take_off(session, made.id, at("26T14:00"), which, ACT)
    assert dates(session, 4) == left
    later = activity_plans.make(session, a_draft(), ACT)
    activity_plans.undo(session, later.id, ACT)
    activity_plans.undo(session, off.id, ACT)
    assert dates(session, 4) == ["24 14:00", "25 14:00", "26 14:00", "27 14:00"]


def test_what_cannot_be_is_refused(session: Session) -> None:
    faults: Sequence[tuple[dict[str, Any], Fault]] = [
        ({"words": {}}, Fault.NO_TITLE),
        ({"ends_local": at("26T14:00")}, Fault.LENGTH),
        ({"rrule": "FREQ=OFTEN"}, Fault.RULE),
        ({"rrule": "FREQ=HOURLY"}, Fault.MEETS_ITSELF),
        ({"shown_from": date(2026, 11, 2), "shown_until": date(2026, 11, 1)}, Fault.SHOWN),
        ({"places": 0}, Fault.PLACES),
    ]
    for given, fault in faults:
        with pytest.raises(ActivityRefusedError) as refused:
            activity_plans.make(session, a_draft(**given), ACT)
        assert refused.value.faults == (fault,)
    made = factories.activity(session, at("20T14:00"), rrule="FREQ=DAILY")
    for on, which, fault in (
        ("23T14:00", Which.ONE, Fault.OVER),
        ("26T15:00", Which.ONE, Fault.NO_DATE),
    ):
        with pytest.raises(ActivityRefusedError) as refused:
            activity_plans.take_off(session, made.id, at(on), which, ACT)
        assert refused.value.faults == (fault,)
    first = activity_plans.take_off(session, made.id, at("26T14:00"), Which.ONE, ACT)
    later = replace(ACT, now=NOW + timedelta(seconds=1))
    activity_plans.take_off(session, made.id, at("27T14:00"), Which.FROM_HERE, later)
    with pytest.raises(ActivityRefusedError) as refused:
        activity_plans.undo(session, first.id, ACT)
    assert refused.value.faults == (Fault.CHANGED_SINCE,)
