"""Texts that arrive: written down once, answered at most once, and what they mean for calls and texts of ours."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from phoneline import clock, people
from phoneline.db import Database
from phoneline.models import Checkin, Contact, Leg, Person, TextIn, TextOut
from phoneline.prompts import catalogue
from phoneline.states import (
    CallState,
    CheckinState,
    FollowUp,
    PlanKind,
    Purpose,
    Role,
    SettledBy,
    TextPurpose,
)
from tests import factories
from tests.webhooks.carrier import CALLER, LINE_NUMBER, Carrier
from tests.webhooks.scenes import CalledPeer, Scene

CRISIS = {"en": "call or text 988", "fr": "appelez ou textez le 988"}


def words(key: str, language: str = "en") -> str:
    return catalogue(language)[key].format(crisis=CRISIS.get(language, ""), emergency="911")


class Texting:
    """Somebody's telephone, and what came of it."""

    def __init__(self, carrier: Carrier, database: Database) -> None:
        self.carrier, self.database, self.count = carrier, database, 0

    def text(self, body: str, sid: str = "", **fields: str) -> None:
        self.count += 1
        sid = sid or f"SM{self.count:032x}"
        answer = self.carrier.ask("/webhooks/sms", MessageSid=sid, Body=body, **({"From": CALLER} | fields))
        assert answer.verbs == []

    def replies(self) -> list[tuple[str, str]]:
        """Number and words of each text of ours, alerts aside."""
        return [(one.number, one.body) for one in self._ours() if one.purpose is not TextPurpose.ALERT]

    def alerts(self) -> list[tuple[str | None, str]]:
        return [(one.person_id, one.body) for one in self._ours() if one.purpose is TextPurpose.ALERT]

    def long_ago(self, ago: timedelta) -> None:
        """All texts so far, ours too, were so much earlier."""
        with self.database.transaction() as session:
            for text in session.scalars(select(TextIn)):
                text.at -= ago
            for reply in session.scalars(select(TextOut)):
                reply.created_at -= ago

    def _ours(self) -> list[TextOut]:
        with self.database.reading() as session:
            return list(session.scalars(select(TextOut).order_by(TextOut.created_at)))

    def contacts(self) -> list[Contact]:
        with self.database.reading() as session:
            return list(session.scalars(select(Contact).order_by(Contact.at)))

    def follow_ups(self) -> list[str]:
        return [one.follow_up.value for one in self.contacts()]

    def person(self, *roles: Role, **given: Any) -> str:
        given = {"numbers": [CALLER]} | given
        with self.database.transaction() as session:
            return factories.person(session, *roles, now=clock.now(), **given).id

    def checkin(self, person_id: str, purpose: str = "social", kind: PlanKind = PlanKind.AUTOMATED) -> str:
        """A check-in of today, with consent."""
        now = clock.now()
        with self.database.transaction() as session:
            who = session.get_one(Person, person_id)
            factories.consent(session, who, now)
            local = now.replace(tzinfo=None)
            plan = factories.plan(session, who, local, now, purpose=Purpose(purpose), kind=kind)
            return factories.checkin(session, plan, now + timedelta(seconds=30)).id

    def consent(self, person_id: str) -> bool:
        with self.database.reading() as session:
            return people.has_consent(session, person_id)


@pytest.fixture
def phone(carrier: Carrier, database: Database) -> Texting:
    return Texting(carrier, database)


def test_a_text_is_on_the_log_for_somebody_to_read(phone: Texting) -> None:
    person_id = phone.person(language="fr")
    phone.text("Can somebody call me tomorrow?")
    [contact] = phone.contacts()
    assert (contact.kind, contact.person_id, contact.follow_up) == ("sms", person_id, FollowUp.WANTED)
    assert contact.note == "Can somebody call me tomorrow?"
    assert phone.replies() == [(CALLER, words("text_thanks", "fr"))]


def test_what_it_says_is_kept_encrypted(phone: Texting) -> None:
    phone.text("Very private words")
    stored = str(factories.dump(phone.database))
    assert "private" not in stored
    assert CALLER.removeprefix("+") not in stored


def test_the_same_text_again_changes_nothing(phone: Texting) -> None:
    phone.person()
    for body in ("hello", "STOP", "stop it", "START", "help me"):
        phone.text(body, sid=f"SM {body}")
        before = factories.dump(phone.database)
        phone.text(body, sid=f"SM {body}")
        assert factories.dump(phone.database) == before, body


def test_a_text_without_an_id_is_refused(carrier: Carrier, scene: Scene) -> None:
    assert carrier.post("/webhooks/sms", Body="hello", MessageSid="").status_code == 400
    assert scene.count(TextIn) == 0


@pytest.mark.parametrize("number", ["anonymous", "+266696687", "12345", "BANK", "", LINE_NUMBER])
def test_who_has_no_number_is_nobody_and_is_not_answered(phone: Texting, number: str) -> None:
    for body in ("hello", "stop it please", "START", "help me"):
        phone.text(body, From=number)
    assert phone.replies() == []
    assert [one.person_id for one in phone.contacts()] == [None] * 4, "each a contact of its own"
    assert phone.follow_ups() == ["wanted", "wanted", "wanted", "urgent"]


def test_a_number_that_two_share_is_neithers(phone: Texting) -> None:
    ids = [phone.person(), phone.person()]
    for person_id in ids:
        phone.checkin(person_id)
    phone.text("stop calling me")
    assert [phone.consent(person_id) for person_id in ids] == [True, True]
    assert phone.follow_ups() == ["wanted"], "somebody has to ask who it was"
    assert [one.person_id for one in phone.contacts()] == [None]
    assert phone.replies() == [(CALLER, words("text_stopped"))]


def test_a_thank_you_is_enough_for_an_hour(phone: Texting) -> None:
    for body in ("hello", "are you there?", "?"):
        phone.text(body)
    assert len(phone.replies()) == 1
    phone.text("hello", From=factories.number(302))
    assert len(phone.replies()) == 2, "everybody gets their own"
    phone.long_ago(timedelta(hours=1))
    phone.text("hello")
    assert len(phone.replies()) == 3
    assert phone.follow_ups() == ["wanted"] * 5


# STOP and START


@pytest.mark.parametrize(("body", "answer"), [("STOP", []), ("stop texting me", [(CALLER, words("text_stopped"))])])
def test_stop_ends_texts_and_automated_calls(phone: Texting, body: str, answer: list[Any]) -> None:
    person_id = phone.person()
    checkin_id = phone.checkin(person_id)
    phone.text(body)
    assert phone.replies() == answer, "never two replies where the carrier already sends one"
    assert not phone.consent(person_id)
    with phone.database.reading() as session:
        assert session.get_one(Checkin, checkin_id).state is CheckinState.SKIPPED
        assert people.withdrew_by_own_act(session, person_id), "no spreadsheet brings it back"
    phone.text("hello again")
    assert phone.replies() == answer, "who wants no texts gets none"
    assert phone.follow_ups() == ["none", "wanted"]


def test_stop_ends_the_call_that_is_ringing(phone: Texting, scene: Scene) -> None:
    peer = scene.called_peer()
    phone.text("stop calling me", From=str(peer.call.number))
    assert scene.checkin(peer.checkin_id).state is CheckinState.STOPPED
    with phone.database.reading() as session:
        assert session.scalars(select(Leg.end_wanted_at).where(Leg.token == peer.leg_token)).one() is not None
    assert phone.follow_ups() == ["none"]


def test_stop_by_somebody_whose_safety_is_watched_is_urgent(phone: Texting, scene: Scene) -> None:
    peer = scene.called_peer(purpose=Purpose.SAFETY)
    phone.text("STOP", From=str(peer.call.number))
    assert phone.follow_ups() == ["urgent"]


def test_stop_before_the_next_safety_check_in_is_a_wish_to_talk_about_it(phone: Texting) -> None:
    phone.checkin(phone.person(), "safety")
    phone.text("STOP")
    assert phone.follow_ups() == ["wanted"]


def test_no_text_hangs_up_on_somebody_who_is_talking(phone: Texting, scene: Scene) -> None:
    peer = scene.called_peer()
    scene.change(type(scene.call(peer.call.id)), peer.call.id, state=CallState.WAITING)
    phone.text("hello", From=str(peer.call.number))
    assert not _ending(scene, peer)
    assert scene.checkin(peer.checkin_id).state is CheckinState.CALLING


def _ending(scene: Scene, peer: CalledPeer) -> bool:
    with scene.database.reading() as session:
        return session.scalars(select(Leg.end_wanted_at).where(Leg.token == peer.leg_token)).one() is not None


def test_start_restores_what_stop_withdrew(phone: Texting) -> None:
    person_id = phone.person()
    checkin_id = phone.checkin(person_id)
    phone.text("STOP")
    phone.text("START")
    assert phone.consent(person_id)
    with phone.database.reading() as session:
        assert session.get_one(Checkin, checkin_id).state is CheckinState.DUE
    assert phone.replies() == [], "the carrier has said so both times"
    phone.text("stop it")
    phone.text("Start")
    assert [said for _, said in phone.replies()] == [words("text_stopped"), words("text_started_checkins")]


def test_start_does_not_restore_what_key_9_withdrew(phone: Texting) -> None:
    person_id = phone.person()
    phone.checkin(person_id)
    with phone.database.transaction() as session:
        people.withdraw_consent(session, person_id, people.KEY_9, clock.now())
    phone.text("stop it")
    phone.text("resume")
    assert not phone.consent(person_id)
    assert [said for _, said in phone.replies()] == [words("text_stopped"), words("text_started")]


def test_start_means_nothing_where_nothing_was_stopped(phone: Texting) -> None:
    person_id = phone.person()
    for body in ("START", "resume", "yes"):
        phone.text(body)
    assert not phone.consent(person_id)
    assert phone.replies() == []
    assert phone.follow_ups() == ["none", "none", "wanted"]


def test_yes_is_start_only_for_who_has_stopped(phone: Texting) -> None:
    phone.text("STOP")
    phone.text("Yes")
    phone.text("hello")
    assert phone.follow_ups() == ["none", "none", "wanted"]
    assert [said for _, said in phone.replies()] == [words("text_thanks")]


def test_the_carriers_own_understanding_is_followed_without_a_word(phone: Texting) -> None:
    person_id = phone.person()
    phone.checkin(person_id)
    phone.text("nope", OptOutType="STOP")
    assert not phone.consent(person_id)
    phone.text("oui", OptOutType="START")
    assert phone.consent(person_id)
    assert phone.replies() == []


def test_the_reply_is_in_the_language_of_the_word(phone: Texting) -> None:
    phone.text("Arrêtez les textos")
    phone.text("EMPEZAR")
    assert [said for _, said in phone.replies()] == [
        words("text_stopped", "fr"),
        words("text_started", "es"),
    ]


# HELP


def test_help_is_urgent_and_alerts_who_is_there(phone: Texting, scene: Scene) -> None:
    scene.ringing(scene.waiting_call())
    [on_shift] = scene.on_shift()
    phone.person(Role.VOLUNTEER, numbers=[factories.number(300)])
    coordinator = phone.person(Role.COORDINATOR, numbers=[factories.number(301)], language="es")
    phone.person(name="Sam Secret")
    phone.text("please help me")
    assert phone.follow_ups() == ["urgent"]
    assert phone.replies() == [(CALLER, words("text_help"))]
    assert dict(phone.alerts()) == {
        on_shift: words("text_alert_shift"),
        coordinator: words("text_alert", "es"),
    }
    phone.text("I want to die")
    assert phone.follow_ups() == ["urgent", "urgent"]
    assert (len(phone.replies()), len(phone.alerts())) == (1, 2), "one cry, however many texts"


def test_who_says_more_after_the_carriers_help_hears_the_crisis_numbers_once(phone: Texting) -> None:
    phone.person(Role.COORDINATOR, numbers=["+14165550124"])
    for body in ("hello", "HELP", "I want to die", "help me please"):
        phone.text(body)
    assert phone.replies() == [(CALLER, words("text_thanks")), (CALLER, words("text_help"))]
    assert len(phone.alerts()) == 1, "and the others are alerted once"


def test_the_cry_of_another_is_heard_too_and_so_is_a_later_one(phone: Texting) -> None:
    phone.person(Role.COORDINATOR, numbers=[factories.number(301)])
    for body, number, alerts in (
        ("hello", CALLER, 0),
        ("help me", CALLER, 1),
        ("I want to die", CALLER, 1),
        ("help me", factories.number(302), 2),
        ("help me", "anonymous", 3),
        ("help me", "anonymous", 4),
    ):
        phone.text(body, From=number)
        assert len(phone.alerts()) == alerts
    phone.long_ago(timedelta(minutes=10))
    phone.text("help me")
    assert len(phone.alerts()) == 5


def test_who_calls_for_help_is_not_alerted_to_it(phone: Texting) -> None:
    phone.person(Role.PEER, Role.COORDINATOR)
    phone.text("HELP")
    assert phone.alerts() == []
    assert phone.replies() == [], "the carrier answers that word"
    assert phone.follow_ups() == ["urgent"]


# Check-ins


@pytest.mark.parametrize(("purpose", "state"), [("social", CheckinState.OK), ("safety", CheckinState.DUE)])
def test_a_text_settles_social_check_ins_only(phone: Texting, purpose: str, state: CheckinState) -> None:
    checkin_id = phone.checkin(phone.person(), purpose)
    phone.text("Nice weather today")
    with phone.database.reading() as session:
        checkin = session.get_one(Checkin, checkin_id)
        assert (checkin.state, checkin.settled_by) == (state, SettledBy.SMS if state is CheckinState.OK else None)
    assert phone.follow_ups() == ["wanted"]


def test_ok_to_a_check_in_says_it_all(phone: Texting) -> None:
    phone.checkin(phone.person())
    phone.text("OK")
    assert phone.follow_ups() == ["none"]
    assert phone.replies() == [(CALLER, words("text_ok"))]
    phone.text("ok")
    assert phone.follow_ups() == ["none", "wanted"]


@pytest.mark.parametrize("body", ["help me", "START", "STOP"])
def test_a_cry_for_help_settles_nothing(phone: Texting, body: str) -> None:
    checkin_id = phone.checkin(phone.person())
    phone.text(body)
    with phone.database.reading() as session:
        assert session.get_one(Checkin, checkin_id).settled_by is None


def test_a_volunteers_check_in_is_settled_by_a_text_too(phone: Texting) -> None:
    checkin_id = phone.checkin(phone.person(), kind=PlanKind.VOLUNTEER)
    phone.text("hello")
    with phone.database.reading() as session:
        assert session.get_one(Checkin, checkin_id).settled_by is SettledBy.SMS
