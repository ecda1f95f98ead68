"""Key 2 of the volunteers' own menu: their shifts one by one, what is said of them, and those to be taken."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from phoneline import clock, cover_requests, open_shifts
from phoneline.cover_states import CoverKind
from phoneline.live_settings import LiveSettings
from phoneline.models import CoverRequest, Person, RosterChange, ShiftCallStop, ShiftHours, WorkLimit
from phoneline.prompts import catalogue
from phoneline.roster_changes import By
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.own_menu import AtThePhone, Member, inside, volunteer
from tests.webhooks.scenes import Scene
from tests.webhooks.test_races import at_once

WORDS = catalogue("en")
LIVE = LiveSettings()


@dataclass
class Shifts:
    """Hours of two, from 6 PM on, so many days ahead."""

    scene: Scene

    def at(self, day: float) -> datetime:
        midnight = clock.now().astimezone(factories.TORONTO).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=day, hours=18)

    def make(self, who: Member | None, *days: float, **given: Any) -> list[str]:
        made = []
        with self.scene.database.transaction() as session:
            for day in days:
                at = {"starts_at": self.at(day), "ends_at": self.at(day) + timedelta(hours=2)}
                made.append(ShiftHours(person_id=who.id if who else None, **({"tier": 1} | at | given)))
            session.add_all(made)
            session.flush()
            return [one.id for one in made]

    def give_away(self, who: Member, hours_id: str) -> None:
        with self.scene.database.transaction() as session:
            giver, by = session.get_one(Person, who.id), By(person_id=who.id)
            cover_requests.ask(session, hours_id, giver, CoverKind.GIVE_AWAY, by, LIVE, clock.now())

    def whose(self, hours_id: str) -> str | None:
        with self.scene.database.reading() as session:
            return session.get_one(ShiftHours, hours_id).person_id

    def requests(self) -> list[str]:
        with self.scene.database.reading() as session:
            return [one.state.value for one in session.scalars(select(CoverRequest).order_by(CoverRequest.made_at))]

    def acts(self) -> list[str]:
        with self.scene.database.reading() as session:
            return [one.act.value for one in session.scalars(select(RosterChange).order_by(RosterChange.at))]


@pytest.fixture
def shifts(scene: Scene) -> Shifts:
    return Shifts(scene)


@pytest.fixture
def noor(scene: Scene) -> Member:
    return volunteer(scene)


@pytest.fixture
def phone(scene: Scene, carrier: Carrier, noor: Member) -> AtThePhone:
    return inside(scene, carrier, noor)


def said(*keys: str) -> str:
    return " ".join(WORDS[key] for key in keys)


def test_2_reads_the_next_shifts_one_by_one_by_key_or_silence(shifts: Shifts, phone: AtThePhone, noor: Member) -> None:
    first, second = shifts.make(noor, 2, 3)
    (free,) = shifts.make(None, 4)
    choices = ("menu_shift_come", "menu_shift_give", "menu_shift_next")
    heard = phone.press("2")
    assert heard.said.startswith("Your shift: on ")
    assert "from 6 to 8 PM." in heard.said
    assert heard.said.endswith(said(*choices, "menu_shift_open"))
    assert list(heard.addresses)[-1].endswith(f"/past-shift/{first}/1")
    following = phone.page(f"shift/{first}/1", "9").said
    assert following.endswith(said(*choices))
    assert phone.page(f"past-shift/{first}/1").said == following
    assert phone.page(f"past-shift/{second}/2").said.startswith("Open to take: on ")
    assert phone.page(f"past-open/{free}/3").said == WORDS["menu_open_over"]
    assert phone.page(f"past-shift/{first}/5").verbs == ["Redirect"], "nobody is there any more"
    assert phone.page(f"shift/{second}/1", "2").said.startswith("Open to take: on ")
    assert phone.page(f"shift/{first}/1", "7").said == phone.page(f"shift/{first}/2", "*").said
    for key, tries in (("7", 2), ("#", 1), ("0", 1)):
        assert phone.page(f"shift/{first}/{tries}", key).verbs == ["Redirect"]
    assert shifts.acts() == []


def test_1_says_that_they_come_and_3_gives_it_away_while_it_stays_theirs(
    shifts: Shifts, phone: AtThePhone, noor: Member
) -> None:
    (hours_id,) = shifts.make(noor, 2)
    for _ in range(2):
        heard = phone.page(f"shift/{hours_id}/1", "1").said
        assert heard.startswith(f"{WORDS['menu_shift_thanks']} Your shift: on ")
        assert heard.endswith(f"You said that you'll come. {said('menu_shift_give', 'menu_shift_next')}")
    for _ in range(2):
        heard = phone.page(f"shift/{hours_id}/1", "3").said
        assert "until somebody does, it is yours" in heard
        assert heard.endswith(said("menu_shift_keep", "menu_shift_next"))
    assert (shifts.requests(), shifts.whose(hours_id)) == (["open"], noor.id)
    kept, plain = (phone.page(f"shift/{hours_id}/1", "1").said for _ in range(2))
    assert kept.startswith(WORDS["menu_shift_kept"])
    assert plain.startswith(WORDS["menu_shift_thanks"]), "the second time it is a plain yes"
    assert shifts.requests() == ["withdrawn"]
    assert shifts.acts() == ["confirmed", "asked", "withdrawn"]


def test_a_shift_under_way_is_only_read_and_one_that_is_gone_is_said_to_be(
    scene: Scene, shifts: Shifts, phone: AtThePhone, noor: Member
) -> None:
    scene.shift(noor.id, hours=2)
    heard = phone.press("2").said
    assert heard.startswith("Your shift: from now until ")
    assert WORDS["menu_shift_give"] not in heard
    (hours_id,) = shifts.make(volunteer(scene, name="Other Example"), 2)
    for key in ("1", "3"):
        assert phone.page(f"shift/{hours_id}/1", key).said == WORDS["menu_shift_gone"]
        assert phone.page("shift/no-such/1", key).said == WORDS["menu_shift_gone"]
    assert shifts.acts() == []
    begun = shifts.make(noor, 0, starts_at=clock.now() - timedelta(hours=1), ends_at=clock.now() + timedelta(hours=1))
    assert phone.page(f"shift/{begun[0]}/1", "3").said.startswith(WORDS["menu_shift_not_given"])


def test_what_somebody_waits_for_is_theirs_at_once(
    scene: Scene, shifts: Shifts, phone: AtThePhone, noor: Member
) -> None:
    ravi = volunteer(scene, name="Ravi Example")
    first, second = shifts.make(noor, 2, 3)
    with scene.database.transaction() as session:
        cover_requests.wait_for(session, first, session.get_one(Person, ravi.id), clock.now())
    heard = phone.page(f"shift/{first}/1", "3").said
    assert heard.startswith(f"{WORDS['menu_shift_given_at_once']} Your shift: on ")
    assert (shifts.whose(first), shifts.whose(second)) == (ravi.id, noor.id)


def test_who_wants_no_calls_about_shifts_has_them_again_by_4(
    scene: Scene, shifts: Shifts, phone: AtThePhone, noor: Member
) -> None:
    (hours_id,) = shifts.make(noor, 2)
    with scene.database.transaction() as session:
        session.add(ShiftCallStop(person_id=noor.id, since=clock.now()))
    assert phone.press("2").said.endswith(WORDS["menu_shift_calls"])
    assert phone.page(f"shift/{hours_id}/1", "4").said.startswith(WORDS["menu_shift_calls_again"])
    assert scene.count(ShiftCallStop) == 0
    assert WORDS["menu_shift_calls"] not in phone.press("2").said


def test_open_shifts_and_those_given_away_are_offered_in_order_and_taken(
    scene: Scene, shifts: Shifts, phone: AtThePhone, noor: Member
) -> None:
    ravi = volunteer(scene, name="Ravi Example")
    (first, third), (second,) = shifts.make(None, 2, 4), shifts.make(ravi, 3)
    shifts.give_away(ravi, second)
    heard = phone.press("2").said
    assert heard.startswith(f"{WORDS['menu_no_shifts']} Open to take: on ")
    assert heard.endswith(WORDS["menu_open_keys"])
    assert phone.page(f"open/{first}/1", "9").said.startswith("In place of Ravi: on ")
    taken, again = (phone.page(f"open/{second}/1", "1").said for _ in range(2))
    assert taken == again
    assert taken.startswith("It is yours: on ")
    assert taken.endswith(WORDS["menu_open_slip"])
    assert (shifts.whose(second), shifts.requests()) == (noor.id, ["taken"])
    assert phone.page(f"taken/{second}/1", "7").said == taken
    assert phone.page(f"taken/{second}/2", "7").said.startswith("Open to take: on ")
    assert phone.page(f"open/{third}/1", "9").said == WORDS["menu_open_over"]
    assert phone.page(f"open/{third}/1", "7").said == phone.page(f"open/{third}/2", "*").said
    for _ in range(2):
        assert phone.page(f"taken/{second}/1", "3").said == WORDS["menu_open_undone"]
    assert (shifts.whose(second), shifts.requests()) == (ravi.id, ["open"])
    phone.page(f"open/{first}/1", "1")
    assert phone.page(f"taken/{first}/1", "3").said == WORDS["menu_open_undone"]
    assert shifts.whose(first) is None


def test_what_can_not_be_taken_back_any_more_is_said(
    scene: Scene, shifts: Shifts, phone: AtThePhone, noor: Member
) -> None:
    (hours_id,) = shifts.make(noor, 2)
    assert phone.page(f"taken/{hours_id}/1", "3").said == WORDS["menu_open_not_undone"]
    assert shifts.whose(hours_id) == noor.id


def test_of_many_who_take_a_shift_one_has_it(scene: Scene, carrier: Carrier, shifts: Shifts) -> None:
    ravi = volunteer(scene, name="Ravi Example")
    (free,), (given,) = shifts.make(None, 2), shifts.make(ravi, 3)
    shifts.give_away(ravi, given)
    team = [volunteer(scene, name=f"Volunteer{index}") for index in range(4)]
    phones = [inside(scene, carrier, one) for one in team]
    for hours_id in (free, given):
        heard = [one.said for one in at_once([partial(one.page, f"open/{hours_id}/1", "1") for one in phones])]
        assert sum(one.startswith("It is yours") for one in heard) == 1
        assert sum(one.startswith(WORDS["menu_open_gone"]) for one in heard) == 3
        assert shifts.whose(hours_id) in {one.id for one in team}


def test_a_refusal_says_why(scene: Scene, shifts: Shifts, phone: AtThePhone, noor: Member) -> None:
    (free,) = shifts.make(None, 2)
    shifts.make(noor, 2)
    assert phone.page(f"open/{free}/1", "1").said.startswith(WORDS["refused_clashes"])
    over, theirs = shifts.make(None, -2), shifts.make(volunteer(scene, name="Other Example"), 3)
    for hours_id in (*over, *theirs, "no-such"):
        assert phone.page(f"open/{hours_id}/1", "1").said.startswith(WORDS["menu_open_gone"])
    assert shifts.acts() == []


def test_what_a_limit_stands_against_is_not_offered_and_said_where_it_comes_up_meanwhile(
    scene: Scene, shifts: Shifts, phone: AtThePhone, noor: Member
) -> None:
    first, second = shifts.make(None, 2, 3)
    for hours_a_week, offered in ((1, False), (3, True)):
        with scene.database.transaction() as session:
            session.merge(WorkLimit(person_id=noor.id, hours_a_week=hours_a_week))
        assert (WORDS["menu_open_keys"] in phone.press("2").said) is offered
    with scene.database.transaction() as session:
        session.merge(WorkLimit(person_id=noor.id, hours_a_week=None, rest_hours=40))
    assert phone.page(f"open/{first}/1", "1").said.startswith("It is yours")
    assert phone.page(f"open/{second}/1", "1").said.startswith(WORDS["refused_rest"])
    assert shifts.whose(second) is None


def test_what_clashes_or_is_over_is_not_offered(scene: Scene, shifts: Shifts, noor: Member) -> None:
    shifts.make(noor, 2)
    shifts.make(None, -1, 2.05)
    late, backup, first = (shifts.make(None, day, tier=tier)[0] for day, tier in ((4, 1), (3, 2), (3, 1)))
    with scene.database.reading() as session:
        who, heard, found = session.get_one(Person, noor.id), None, []
        while (heard := open_shifts.next_for(session, who, heard, LIVE, clock.now())) is not None:
            found.append(heard.id)
    assert found == [first, backup, late]


def test_who_is_not_ready_only_hears_of_open_shifts(scene: Scene, carrier: Carrier, shifts: Shifts) -> None:
    (hours_id,) = shifts.make(None, 2)
    phone = inside(scene, carrier, volunteer(scene, ready=False))
    heard = phone.press("2").said
    assert "Open to take" in heard
    assert WORDS["menu_open_keys"] not in heard
    phone.page(f"open/{hours_id}/1", "1")
    assert shifts.whose(hours_id) is None
