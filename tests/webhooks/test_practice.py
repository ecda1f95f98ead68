"""The practice line: a caller is played to a volunteer, and it counts nowhere. And the wish to talk with somebody."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from phoneline import clock, debriefs, exports, practice
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Contact, Debrief, Leg, Offer, Person, Practice, TextOut
from phoneline.practice import Refused
from phoneline.prompts import catalogue
from phoneline.states import ContactOutcome, LegPurpose, LegState, Role
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.own_menu import Member, inside, volunteer
from tests.webhooks.promises import dialled
from tests.webhooks.scenes import Scene
from tests.webhooks.twiml import Twiml

WORDS = catalogue("en")
LIVE = LiveSettings()
PAGES = ("offered/1", "offered/2", "caller/1", "caller/3", "out/3", "outcome/2", "x/9")


@pytest.fixture
def noor(scene: Scene) -> Member:
    """Who isn't ready: the practice line is for them, too."""
    return volunteer(scene, ready=False)


class Practised:
    """A volunteer's telephone that was rung to practise."""

    def __init__(self, scene: Scene, carrier: Carrier, who: Member) -> None:
        self.scene, self.carrier = scene, carrier
        assert ask(scene, who.id) is None
        (self.leg,) = dialled(scene)
        assert self.leg.purpose is LegPurpose.PRACTICE

    def hears(self, page: str, key: str = "") -> Twiml:
        path = f"/webhooks/practice/{self.leg.token}/{page}"
        return self.carrier.ask(path, str(self.leg.carrier_sid), Digits=key)

    def told(self, page: str, **fields: str) -> Twiml:
        return self.carrier.ask(f"/webhooks/legs/{self.leg.token}/{page}", str(self.leg.carrier_sid), **fields)

    def row(self) -> Practice:
        with self.scene.database.reading() as session:
            return session.scalars(select(Practice).where(Practice.leg_id == self.leg.id)).one()


def ask(scene: Scene, person_id: str) -> Refused | None:
    with scene.database.transaction() as session:
        return practice.ask(session, session.get_one(Person, person_id), LIVE, clock.now())


def test_a_whole_call_is_practised_and_counts_nowhere(scene: Scene, carrier: Carrier, noor: Member) -> None:
    phone = Practised(scene, carrier, noor)
    assert phone.told("answered").said == f"{WORDS['practice_hello']} {WORDS['offer']}"
    assert WORDS["practice_passed"] in phone.hears("offered/1", "2").said
    assert phone.hears("offered/2", "1").said == f"{WORDS['practice_begin']} {WORDS['practice_caller_1']}"
    assert WORDS["practice_caller_2"] in phone.hears("caller/1").said
    assert phone.hears("caller/2", "#").said.startswith(WORDS["practice_star_first"])
    assert WORDS["step_out_bring"] in phone.hears("caller/2", "*").said
    assert phone.hears("out/2", "2").said == f"{WORDS['practice_bring']} {WORDS['practice_caller_2']}"
    assert WORDS["practice_caller_3"] in phone.hears("caller/2").said
    assert phone.hears("caller/3").said == f"{WORDS['practice_caller_gone']} {WORDS['outcome']}"
    for _ in range(2):
        over = phone.hears("outcome/1", "2")
        assert over.said == f"{WORDS['practice_well_done']} {WORDS['practice_bye_not_ready']}"
        assert over.verbs[-1] == "Hangup"
    assert ask(scene, noor.id) is Refused.RINGS
    phone.told("status", CallStatus="completed")
    made = phone.row()
    assert (made.outcome, made.over_at is not None) == (ContactOutcome.FOLLOW_UP, True)
    assert [scene.count(one) for one in (Call, Contact, Offer)] == [0, 0, 0]
    for name in ("calls", "contacts", "checkins"):
        assert list(exports.read(scene.database, exports.EXPORTS[name], None, None)) == []


def test_whatever_is_pressed_leads_on_and_changes_nothing_but_the_practice(
    scene: Scene, carrier: Carrier, noor: Member
) -> None:
    phone = Practised(scene, carrier, noor)
    before = {table: rows for table, rows in scene.dump().items() if table not in {"practice", "leg"}}
    for page, key in product(PAGES, ("", "1", "5", "*", "#")):
        assert phone.hears(page, key).leads_on, (page, key)
    stranger = carrier.ask(f"/webhooks/practice/{phone.leg.token}/offered/1", "CA" + "f" * 32, Digits="1")
    assert (stranger.said, stranger.verbs) == ("", ["Hangup"])
    assert {table: rows for table, rows in scene.dump().items() if table not in {"practice", "leg"}} == before


def test_callers_come_first_and_nobody_is_rung_without_end(scene: Scene) -> None:
    ravi = scene.volunteer()
    assert ask(scene, ravi) is Refused.ON_SHIFT
    with scene.database.transaction() as session:
        off = factories.person(session, Role.VOLUNTEER, now=clock.now())
        talks = factories.offer(session, factories.call(session, clock.now()), off, clock.now())
        off_id, offer_id = off.id, talks.id
    assert ask(scene, off_id) is Refused.ON_THE_PHONE
    scene.change(Offer, offer_id, released_at=clock.now())
    for number in range(practice.MOST_A_DAY):
        assert ask(scene, off_id) is None, number
        with scene.database.transaction() as session:
            rung = session.scalars(select(Practice).where(Practice.over_at.is_(None))).one()
            rung.over_at = clock.now()
            assert rung.leg is not None
            rung.leg.state = LegState.ENDED
    assert ask(scene, off_id) is Refused.ENOUGH


def test_whose_call_came_first_is_not_rung_to_practise(scene: Scene, noor: Member) -> None:
    assert ask(scene, noor.id) is None
    with scene.database.transaction() as session:
        factories.offer(session, factories.call(session, clock.now()), session.get_one(Person, noor.id), clock.now())
        leg = session.scalars(select(Leg).where(Leg.purpose == LegPurpose.PRACTICE)).one()
        assert not practice.is_wanted(session, leg)


def test_what_is_told_of_a_practice_after_who_practised_was_erased_changes_nothing(
    scene: Scene, carrier: Carrier, noor: Member
) -> None:
    phone = Practised(scene, carrier, noor)
    phone.told("status", CallStatus="completed")
    with scene.database.transaction() as session:
        session.delete(session.scalars(select(Practice)).one())
    assert phone.told("status", CallStatus="completed").verbs == []
    assert phone.hears("offered/1", "1").verbs == ["Hangup"]


def test_8_in_the_menu_is_to_practise_there_and_to_talk_with_somebody(
    scene: Scene, carrier: Carrier, noor: Member
) -> None:
    lee = scene.coordinator()
    phone = inside(scene, carrier, noor)
    assert WORDS["menu_more"] in phone.page("top/1").said, "there is room for it"
    assert phone.press("8").said == f"{WORDS['menu_debrief']} {WORDS['menu_practice']}"
    assert phone.page("more/1", "5").said == f"{WORDS['menu_debrief']} {WORDS['menu_practice']}"
    for told in ("menu_debrief_asked", "menu_debrief_stands"):
        assert phone.page("more/1", "2").said == WORDS[told]
    with scene.database.reading() as session:
        wish, text = session.scalars(select(Debrief)).one(), session.scalars(select(TextOut)).one()
        assert (wish.person_id, text.person_id) == (noor.id, lee)
        assert text.body == WORDS["text_debrief"].format(name="Noor")
    assert phone.page("more/1", "3").said == f"{WORDS['practice_hello']} {WORDS['offer']}"
    with scene.database.reading() as session:
        made = session.scalars(select(Practice)).one()
    assert WORDS["practice_caller_1"] in phone.page(f"practice/{made.id}/offered/1", "1").said
    over = phone.page(f"practice/{made.id}/outcome/2")
    assert f"{WORDS['practice_try_star']} {WORDS['practice_try_outcome']}" in over.said
    assert over.verbs[-1] == "Redirect", "back to the menu"
    assert phone.page("practice/another/offered/1", "1").verbs == ["Redirect"]
    assert phone.hang_up() == "information"


def test_a_wish_to_talk_stands_until_somebody_has(scene: Scene, noor: Member) -> None:
    now = clock.now()
    with scene.database.transaction() as session:
        person = session.get_one(Person, noor.id)
        assert debriefs.ask(session, person, LIVE, now)
        assert not debriefs.ask(session, person, LIVE, now)
        (wish,) = debriefs.standing(session, now + timedelta(days=90))
        assert debriefs.no_longer(session, noor.id, now)
        assert not debriefs.no_longer(session, noor.id, now)
        assert debriefs.ask(session, person, LIVE, now), "they may change their mind"
        assert not debriefs.not_done(session, wish.id, now), "one wish at a time"
        assert len(debriefs.standing(session, now)) == 2
        assert len(debriefs.standing(session, now + debriefs.UNDO)) == 1
