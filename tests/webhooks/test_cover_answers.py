"""A volunteer answers by text when somebody's shift is given away, or gives away their own."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from phoneline import clock, cover_requests, due_cover_requests
from phoneline.cover_states import CoverKind, CoverState
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Contact, CoverRequest, KnownTelephone, Person, ShiftHours, ShiftReminder, TextOut
from phoneline.prompts import catalogue
from phoneline.quiet_hours import window
from phoneline.reminder_states import ReminderKind, ReminderState
from phoneline.roster_changes import By
from phoneline.states import FollowUp, Role, TextPurpose
from tests import factories
from tests.databases import ONE_KIND
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene

EN = catalogue("en")
AWAKE = replace(LiveSettings(), quiet_weekday=window("00:00-00:00"), quiet_weekend=window("00:00-00:00"))
ANA, RAVI, NOOR, SAM = (factories.number(index) for index in (301, 302, 303, 304))


class Volunteers:
    """Ana, Ravi and Noor with telephones that the line knows, and Sam, who is a peer."""

    def __init__(self, carrier: Carrier, scene: Scene) -> None:
        self.carrier, self.database, self.count = carrier, scene.database, 0
        self.ids: dict[str, str] = {}
        now = clock.now()
        with self.database.transaction() as session:
            for number, name in ((ANA, "Ana"), (RAVI, "Ravi"), (NOOR, "Noor")):
                pin = factories.quick_hash("1234")
                made = factories.person(session, Role.VOLUNTEER, now=now, name=name, numbers=[number], pin_hash=pin)
                hashed = made.numbers[0].number_hash
                session.add(KnownTelephone(number_hash=hashed, person_id=made.id, pin_hash=pin, since=now))
                self.ids[number] = made.id
            self.ids[SAM] = factories.person(session, now=now, name="Sam", numbers=[SAM]).id

    def shift(self, number: str, days: float = 3) -> str:
        starts = (clock.now() + timedelta(days=days)).astimezone(factories.TORONTO).replace(tzinfo=None, microsecond=0)
        with self.database.transaction() as session:
            who = session.get_one(Person, self.ids[number])
            made = factories.shift(session, who, starts, starts + timedelta(hours=2), clock.now())
            return session.scalars(select(ShiftHours.id).where(ShiftHours.shift_id == made.id)).one()

    def given_away(self, days: float = 3, kind: CoverKind = CoverKind.GIVE_AWAY, *, told: bool = True) -> str:
        """The id of a request of Ana's, of which the others have heard unless told otherwise."""
        hours = self.shift(ANA, days)
        with self.database.transaction() as session:
            ana = session.get_one(Person, self.ids[ANA])
            request = cover_requests.ask(session, hours, ana, kind, By(ana.id), AWAKE, clock.now())
            assert isinstance(request, CoverRequest)
            if told:
                found = due_cover_requests.whom_to_ask(session, AWAKE, clock.now())
                due_cover_requests.look(session, found, AWAKE, clock.now())
            return request.id

    def text(self, number: str, body: str) -> str:
        """The answer, if there is one."""
        self.count += 1
        before = self._replies(number)
        self.carrier.ask("/webhooks/sms", MessageSid=f"SM{self.count:032x}", Body=body, From=number)
        return "".join(self._replies(number)[len(before) :])

    def _replies(self, number: str) -> list[str]:
        replies = select(TextOut).where(TextOut.purpose == TextPurpose.REPLY, TextOut.person_id == self.ids[number])
        with self.database.reading() as session:
            return [one.body for one in session.scalars(replies.order_by(TextOut.created_at))]

    def whose(self, request_id: str) -> str:
        """The number of whoever has the hours."""
        with self.database.reading() as session:
            held = session.get_one(CoverRequest, request_id).hours.person_id
            return next(number for number, one in self.ids.items() if one == held)

    def state(self, request_id: str) -> CoverState:
        with self.database.reading() as session:
            return session.get_one(CoverRequest, request_id).state

    def notes(self) -> list[tuple[str | None, FollowUp]]:
        with self.database.reading() as session:
            return [(one.note, one.follow_up) for one in session.scalars(select(Contact).order_by(Contact.at))]


@pytest.fixture
def team(carrier: Carrier, scene: Scene) -> Volunteers:
    return Volunteers(carrier, scene)


def is_about(said: str, key: str) -> bool:
    """Whether something was said in these words, whatever is filled in."""
    return said.startswith(EN[key].split("{")[0]) and said.endswith(EN[key].rsplit("}", 1)[-1])


def test_first_yes_has_it_and_the_next_one_hears_that_somebody_was_quicker(team: Volunteers) -> None:
    request = team.given_away()
    assert is_about(team.text(RAVI, "yes 1"), "cover_yours")
    assert team.text(NOOR, "Yes 1 please") == EN["cover_quicker"]
    assert team.text(NOOR, "yes") == EN["cover_quicker"], "without a number, too"
    assert team.whose(request) == RAVI
    assert is_about(team.text(RAVI, "YES 1"), "cover_yours"), "again it is theirs still"
    assert is_about(team.text(RAVI, "no 1"), "cover_undone")
    assert (team.whose(request), team.state(request)) == (ANA, CoverState.OPEN)
    assert team.notes() == [], "nothing of it is for somebody to read"


@ONE_KIND
def test_from_a_telephone_that_is_not_known_it_takes_the_pin(team: Volunteers, database: Database) -> None:
    request = team.given_away()
    with database.transaction() as session:
        for known in session.scalars(select(KnownTelephone)):
            session.delete(known)
    assert team.text(RAVI, "YES 1") == EN["text_pin_needed"]
    assert team.text(RAVI, "YES 1 9999") == EN["text_pin_wrong"]
    assert team.whose(request) == ANA
    assert is_about(team.text(RAVI, "YES 1 1234"), "cover_yours")
    assert team.text(NOOR, "give") == EN["text_pin_needed"]


@ONE_KIND
def test_a_bare_yes_is_enough_for_one_request_and_not_for_two(team: Volunteers) -> None:
    first = team.given_away(3)
    second = team.given_away(4)
    assert team.text(RAVI, "yes") == EN["cover_which"]
    assert team.text(RAVI, "no 2") == EN["cover_no"]
    assert is_about(team.text(RAVI, "oui"), "cover_yours")
    assert (team.whose(first), team.whose(second)) == (RAVI, ANA)
    assert is_about(team.text(RAVI, "yes 2"), "cover_yours"), "they may change their mind"


@ONE_KIND
def test_what_would_break_a_limit_is_refused_in_words(team: Volunteers) -> None:
    request = team.given_away()
    team.shift(RAVI)
    assert team.text(RAVI, "yes 1") == EN["refused_clashes"]
    assert team.whose(request) == ANA


@ONE_KIND
def test_give_asks_for_the_next_shift_and_no_keeps_it(team: Volunteers) -> None:
    assert team.text(ANA, "GIVE") == EN["cover_no_shift"]
    team.shift(ANA, 5)
    team.shift(ANA, 3)
    assert is_about(team.text(ANA, "give"), "cover_given")
    with team.database.reading() as session:
        request = session.scalars(select(CoverRequest)).one()
        assert request.hours.starts_at < clock.now() + timedelta(days=4)
    assert is_about(team.text(ANA, "yes 1"), "cover_given"), "it is her own"
    assert is_about(team.text(ANA, "no 1"), "cover_kept")
    assert team.state(request.id) is CoverState.WITHDRAWN


def test_hours_offered_in_return_are_taken_or_left_by_text(team: Volunteers) -> None:
    request = team.given_away(kind=CoverKind.SWAP)
    offers = {}
    for number in (RAVI, NOOR):
        hours = team.shift(number, 5 if number == RAVI else 6)
        with team.database.transaction() as session:
            who = session.get_one(Person, team.ids[number])
            offer = cover_requests.offer_swap(session, request, who, hours, AWAKE, clock.now())
            assert not isinstance(offer, str)
            offers[number] = offer.number
    assert team.text(ANA, "yes") == EN["cover_which"]
    assert team.text(ANA, f"no {offers[RAVI]}") == EN["cover_no"]
    assert is_about(team.text(RAVI, f"yes {offers[NOOR]}"), "text_thanks"), "it is no answer of Ravi's"
    assert is_about(team.text(ANA, f"yes {offers[NOOR]}"), "cover_swapped")
    assert team.whose(request) == NOOR


@ONE_KIND
def test_any_other_yes_or_no_is_for_somebody_to_read(team: Volunteers) -> None:
    request = team.given_away(told=False)
    for number, body, note in (
        (RAVI, "yes 1", "yes 1"),
        (SAM, "no", "no"),
        (SAM, "yes 1030", "yes 1030"),
        (SAM, "give", "give"),
    ):
        team.text(number, body)
        assert team.notes()[-1] == (note, FollowUp.WANTED)
    team.text(RAVI, "yes 1234")
    assert team.notes()[-1][0] == "yes ••••", "what may be a volunteer's PIN"
    assert team.whose(request) == ANA, "whose number says nothing to whoever wasn't asked"


@ONE_KIND
def test_to_whoever_wants_no_texts_a_plain_yes_is_the_carriers_word_for_having_them_again(team: Volunteers) -> None:
    request = team.given_away()
    team.text(RAVI, "stop texting me")
    assert team.text(RAVI, "yes") == EN["text_started"]
    assert team.whose(request) == ANA
    assert is_about(team.text(RAVI, "yes"), "cover_yours")


@ONE_KIND
def test_a_bare_answer_is_never_taken_for_one_about_another_shift(team: Volunteers) -> None:
    """Ravi is asked whether he comes to his own shift, and about Ana's."""
    request = team.given_away(3)
    sooner, own = team.shift(RAVI, 0.5), team.shift(RAVI, 1)
    now = clock.now()
    with team.database.transaction() as session:
        session.get_one(ShiftHours, sooner).confirmed_at = now
        kind, state = ReminderKind.DAY_BEFORE, ReminderState.ASKED
        starts_at = session.get_one(ShiftHours, own).starts_at
        of = {"hours_id": own, "person_id": team.ids[RAVI], "starts_at": starts_at}
        session.add(ShiftReminder(kind=kind, state=state, asked_at=now, due_at=starts_at, **of))
    for word in ("yes", "no"):
        assert team.text(RAVI, word) == EN["cover_or_own"]
    assert team.whose(request) == ANA
    assert team.text(RAVI, "no 1") == EN["cover_no"]
    assert is_about(team.text(RAVI, "no"), "cover_given"), "his own: Ana's shift isn't asked about any more"
    with team.database.reading() as session:
        [given] = session.scalars(select(CoverRequest).where(CoverRequest.from_id == team.ids[RAVI]))
        assert given.hours_id == own, "not the sooner one, to which he said that he comes"
    assert team.text(RAVI, "ok") == EN["text_shift_thanks"]
    assert team.state(given.id) is CoverState.WITHDRAWN, "who comes after all keeps it"
