"""Shifts that change hands: first yes has them, no limit is broken, and until then they stay whose they were."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from phoneline import cover_asking, cover_requests, due_cover_requests, pauses
from phoneline.cover_states import CoverState
from phoneline.db import Database
from phoneline.models import CoverRequest, Person, ShiftHours, SwapOffer, Waiting
from phoneline.roster_changes import LINE
from phoneline.roster_states import Refusal, RosterAct
from phoneline.states import Duty, Role
from tests.databases import ONE_KIND
from tests.phoneline.cover_team import COVER, DAY, HOUR, LIVE, NOW, SOON, SWAP, Team
from tests.webhooks.test_races import at_once


@pytest.fixture
def team(database: Database) -> Team:
    made = Team(database)
    made.volunteer("Ana")
    return made


def test_whoever_gives_a_shift_away_has_it_until_another_takes_it_and_both_hear_so(team: Team) -> None:
    ravi, hours = team.volunteer("Ravi"), team.shift("Ana")
    request = team.ask(hours)
    assert team.ask(hours) == request, "again it is the same"
    team.look()
    assert (team.whose(hours), team.asked()) == ("Ana", ["Ravi"])
    [text] = team.heard("Ravi")
    assert text.startswith("Ana can't do the shift on Thursday from 10 AM to noon. Could you? Text YES 1 to take it")
    assert team.take(str(request), ravi) is None
    assert team.take(str(request), ravi) is None, "and again"
    assert team.whose(hours) == "Ravi"
    assert team.heard("Ana") == ["Ravi has taken your shift on Thursday from 10 AM to noon. It isn't yours any more."]
    assert "is yours" in team.heard("Ravi")[-1]
    assert len(team.heard("Ravi")) == 2
    assert team.acts() == [RosterAct.ASKED, RosterAct.GIVEN]


def test_of_those_who_say_yes_at_once_one_has_it_and_the_others_were_slower(team: Team) -> None:
    names, hours = team.team(4), team.shift("Ana")
    request = str(team.ask(hours))
    answers = at_once([partial(team.take, request, name) for name in names])
    assert sorted(answers, key=str) == [None, *[Refusal.FULL] * 3]
    assert team.whose(hours) == names[answers.index(None)]
    assert team.acts().count(RosterAct.GIVEN) == 1


def test_two_who_take_what_overlaps_do_not_break_a_limit(team: Team) -> None:
    """One volunteer says yes to two at once that they couldn't both have."""
    ravi = team.volunteer("Ravi")
    team.volunteer("Bo")
    one, other = team.shift("Ana"), team.shift("Bo", SOON + HOUR)
    requests = [str(team.ask(one)), str(team.ask(other, "Bo"))]
    answers = at_once([partial(team.take, request, ravi) for request in requests])
    assert sorted(answers, key=str) == [None, Refusal.CLASHES]
    assert sorted([str(team.whose(one)), str(team.whose(other))]).count("Ravi") == 1


@ONE_KIND
def test_what_may_not_be_given_away(team: Team) -> None:
    team.volunteer("Ravi")
    hours = team.shift("Ana")
    assert team.ask(hours, "Ravi") is Refusal.FULL
    assert team.take(str(team.ask(hours)), "Ana") is Refusal.CLASHES
    assert team.ask(team.shift("Ana", NOW + DAY, shadow=True)) is Refusal.NOT_READY
    team.now = SOON
    assert team.ask(hours) is Refusal.PAST


def test_a_few_are_asked_first_fairest_first_and_the_others_a_quarter_of_an_hour_later(team: Team) -> None:
    names = team.team(8)
    for count, name in enumerate(names):
        team.shift(name, SOON + DAY, hours=8 - count)
    request = str(team.ask(team.shift("Ana")))
    team.look()
    assert team.asked() == names[3:], "those with the fewest hours in these weeks"
    team.look(NOW + timedelta(minutes=14))
    assert team.asked() == names[3:]
    team.look(NOW + timedelta(minutes=16))
    assert team.asked() == names
    team.look(NOW + 2 * DAY)
    assert [len(team.heard(name)) for name in names] == [1] * 8, "one text each"
    assert team.state(request) is CoverState.OPEN


@ONE_KIND
def test_what_begins_soon_is_asked_of_all_at_once(team: Team) -> None:
    names = team.team(8)
    team.ask(team.shift("Ana", NOW + HOUR + HOUR / 2))
    team.look()
    assert team.asked() == names


@ONE_KIND
def test_nobody_is_woken_but_for_what_is_near(team: Team) -> None:
    team.volunteer("Ravi")
    far = team.shift("Ana")
    team.now = NOW + 12 * HOUR
    team.ask(far)
    team.look()
    assert team.asked() == [], "it is ten in the evening"
    team.look(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    assert team.asked() == ["Ravi"], "nine in the morning"
    near = team.shift("Ana", NOW + 42 * HOUR)
    team.now = NOW + 36 * HOUR
    team.ask(near)
    team.look()
    assert len(team.heard("Ravi")) == 2, "at night, for the early morning"


@ONE_KIND
def test_who_may_not_have_it_is_paused_or_was_asked_enough_is_not_asked(team: Team) -> None:
    for name in ("Busy", "Paused", "Learning", "Asked"):
        team.volunteer(name)
    team.shift("Busy", SOON + HOUR)
    hours = team.shift("Ana")
    with team.database.transaction() as session:
        pauses.take_break(session, team.ids["Paused"], None, NOW)
        session.get_one(Person, team.ids["Learning"]).ready = False
    for day in range(4, 8):
        team.ask(team.shift("Ana", NOW + day * DAY))
    team.look()
    assert len(team.heard("Asked")) == cover_asking.A_DAY
    team.ask(hours)
    team.look()
    assert (len(team.heard("Busy")), team.heard("Paused"), team.heard("Learning")) == (cover_asking.A_DAY, [], [])
    team.look(NOW + DAY + HOUR)
    assert len(team.heard("Asked")) == 5, "the next day"


def test_who_is_left_with_it_hears_so_an_hour_before_and_as_it_begins_the_coordinator_too(team: Team) -> None:
    kim, hours = team.volunteer("Kim", Role.COORDINATOR), team.shift("Ana")
    team.shift(kim, SOON - HOUR, duty=Duty.COORDINATOR)
    request = str(team.ask(hours, by=LINE, kind=COVER))
    assert "I'm asking others" in team.heard("Ana")[0]
    team.look(SOON - HOUR - timedelta(seconds=1))
    assert len(team.heard("Ana")) == 1
    team.look(SOON - HOUR)
    assert "it is still yours" in team.heard("Ana")[1]
    team.look(SOON)
    assert (team.state(request), team.whose(hours)) == (CoverState.LATE, "Ana")
    assert "it is yours: from now until noon" in team.heard("Ana")[2]
    assert "Ana had asked for cover" in team.heard(kim)[-1]
    assert team.take(request, kim) is Refusal.PAST
    assert team.acts() == [RosterAct.ASKED, RosterAct.LATE]


@ONE_KIND
def test_a_request_ends_when_a_coordinator_changes_the_roster(team: Team) -> None:
    team.volunteer("Ravi")
    hours = team.shift("Ana")
    request = str(team.ask(hours))
    with team.database.transaction() as session:
        session.get_one(ShiftHours, hours).person_id = team.ids["Ravi"]
    assert team.take(request, "Ravi") is None, "it is theirs anyway"
    other = team.shift("Ana", SOON + DAY)
    request = str(team.ask(other))
    with team.database.transaction() as session:
        gone = session.get_one(ShiftHours, other)
        gone.off, gone.ends_at = True, gone.starts_at
    assert team.take(request, "Ravi") is Refusal.PAST
    team.look()
    assert team.state(request) is CoverState.WITHDRAWN


def test_undo_of_giving_away_and_of_taking(team: Team) -> None:
    team.volunteer("Ravi")
    hours = team.shift("Ana")
    first = str(team.ask(hours))
    assert team.undo(hours, "Ana") is None
    assert (team.state(first), team.take(first, "Ravi")) == (CoverState.WITHDRAWN, Refusal.PAST)
    request = str(team.ask(hours))
    team.take(request, "Ravi")
    team.now = NOW + timedelta(minutes=9)
    assert team.undo(hours, "Ana") is Refusal.PAST, "it isn't hers to undo"
    assert team.undo(hours, "Ravi") is None
    assert (team.whose(hours), team.state(request)) == ("Ana", CoverState.OPEN)
    assert "so it is yours again" in team.heard("Ana")[-1]
    team.look()
    assert len(team.heard("Ravi")) == 1, "who gave it back isn't asked again"
    team.take(request, "Ravi")
    team.now += timedelta(minutes=10)
    assert team.undo(hours, "Ravi") is Refusal.PAST


@ONE_KIND
def test_a_taking_is_not_undone_where_whoever_had_it_may_not_have_it_back(team: Team) -> None:
    team.volunteer("Ravi")
    hours = team.shift("Ana")
    team.take(str(team.ask(hours)), "Ravi")
    team.shift("Ana", SOON + HOUR)
    assert team.undo(hours, "Ravi") is Refusal.CLASHES
    assert team.whose(hours) == "Ravi"


def test_a_swap_changes_both_or_nothing(team: Team) -> None:
    team.volunteer("Ravi")
    # Each overlaps what the other gives: only what they keep counts.
    hers, his = team.shift("Ana"), team.shift("Ravi", SOON + HOUR)
    request = str(team.ask(hers, kind=SWAP))
    offer = str(team.offer(request, "Ravi", his))
    assert team.offer(request, "Ravi", his) == offer
    assert "For your shift on Thursday from 10 AM to noon, Ravi offers theirs" in team.heard("Ana")[-1]
    assert team.accept(offer) is None
    assert team.accept(offer) is None
    assert (team.whose(hers), team.whose(his)) == ("Ravi", "Ana")
    assert team.acts() == [RosterAct.ASKED, RosterAct.SWAPPED, RosterAct.SWAPPED]
    assert "Swapped" in team.heard("Ana")[-1]
    assert team.heard("Ravi") == [
        "Swapped: your shift is now on Thursday from 10 AM to noon, and Ana has the one on Thursday from 11 AM to 1 PM."
    ]
    assert team.undo(hers, "Ravi") is Refusal.PAST, "one half of it can't be undone"


@ONE_KIND
def test_a_swap_that_would_break_a_limit_of_either_is_refused_and_changes_nothing(team: Team) -> None:
    team.volunteer("Ravi")
    hers, his = team.shift("Ana"), team.shift("Ravi", SOON + DAY)
    request = str(team.ask(hers, kind=SWAP))
    offer = str(team.offer(request, "Ravi", his))
    team.shift("Ana", SOON + DAY + HOUR)
    assert team.accept(offer) is Refusal.CLASHES
    assert (team.whose(hers), team.whose(his), team.state(request)) == ("Ana", "Ravi", CoverState.OPEN)
    assert team.offer(request, "Ravi", team.shift("Ravi", SOON + DAY + HOUR * 2)) is Refusal.CLASHES
    assert team.offer(request, "Ravi", team.shift("Ana", SOON + 2 * DAY)) is Refusal.FULL, "not his to offer"


def test_of_two_swaps_with_the_same_hours_accepted_at_once_one_is_done(team: Team) -> None:
    team.volunteer("Ravi")
    one, other, his = team.shift("Ana"), team.shift("Ana", SOON + 2 * DAY), team.shift("Ravi", SOON + 4 * DAY)
    offers = [str(team.offer(str(team.ask(hours, kind=SWAP)), "Ravi", his)) for hours in (one, other)]
    answers = at_once([partial(team.accept, offer) for offer in offers])
    assert sorted(answers, key=str) == [None, Refusal.FULL]
    assert sorted(str(team.whose(hours)) for hours in (one, other, his)) == ["Ana", "Ana", "Ravi"]


def test_who_has_waited_longest_and_may_has_what_is_given_away_at_once(team: Team) -> None:
    for name in ("Busy", "Ravi", "Noor"):
        team.volunteer(name)
    hours = team.shift("Ana")
    for name in ("Busy", "Ravi", "Noor"):
        team.now += HOUR
        team.wait_for(hours, name)
        team.wait_for(hours, name)
    team.shift("Busy", SOON + HOUR)
    team.look()
    assert team.whose(hours) == "Ana"
    request = str(team.ask(hours))
    assert (team.whose(hours), team.state(request)) == ("Ravi", CoverState.TAKEN)
    assert "The shift you were waiting for is yours" in team.heard("Ravi")[-1]
    assert "Ravi has taken your shift" in team.heard("Ana")[-1]
    team.now += 20 * HOUR
    assert team.undo(hours, "Ravi") is None, "they weren't asked at that moment: a day to give it back"
    team.look()
    assert team.whose(hours) == "Noor", "and then the next one has it"


def test_who_waits_has_hours_that_become_nobodys_and_may_give_them_back(team: Team) -> None:
    team.volunteer("Ravi")
    hours = team.shift(None)
    team.wait_for(hours, "Ravi")
    team.look()
    assert team.whose(hours) == "Ravi"
    assert team.undo(hours, "Ravi") is None
    assert team.whose(hours) is None
    team.look()
    assert team.whose(hours) is None, "they don't wait any more"
    team.wait_for(hours, "Ana")
    team.shift("Ana", SOON + HOUR)
    team.look()
    assert team.whose(hours) is None
    team.look(SOON)
    with team.database.reading() as session:
        assert session.scalars(select(Waiting)).all() == []


def test_who_took_what_they_waited_for_waits_no_more_and_may_give_it_back_or_away(team: Team) -> None:
    team.volunteer("Ravi")
    hours = team.shift("Ana")
    his = team.shift("Ravi", SOON + HOUR)
    team.wait_for(hours, "Ravi")
    request = str(team.ask(hours))
    with team.database.transaction() as session:
        session.delete(session.get_one(ShiftHours, his))
    assert team.take(request, "Ravi") is None
    assert team.undo(hours, "Ravi") is None
    team.look(team.now + HOUR)
    assert team.whose(hours) == "Ana", "it isn't theirs again at once"
    team.wait_for(hours, "Ravi")
    with team.database.transaction() as session:
        session.get_one(ShiftHours, hours).person_id = team.ids["Ravi"]
    assert team.state(str(team.ask(hours, "Ravi"))) is CoverState.OPEN, "nobody takes their own"


def test_clocks_that_look_at_once_ask_everybody_once(team: Team) -> None:
    names = team.team(3)
    team.ask(team.shift("Ana"))

    def look() -> None:
        with team.database.reading() as session:
            found = due_cover_requests.whom_to_ask(session, LIVE, team.now)
        team.database.run(lambda session: due_cover_requests.look(session, found, LIVE, team.now))

    at_once([look] * 4)
    assert [len(team.heard(name)) for name in names] == [1] * 3


def test_the_menu_offers_what_may_be_taken_and_a_number_means_one_request(team: Team) -> None:
    team.volunteer("Ravi")
    team.volunteer("Busy")
    requests = [str(team.ask(team.shift("Ana", SOON + count * DAY))) for count in range(3)]
    team.shift("Busy", SOON)
    team.undo(team.shift("Ana", SOON + 5 * DAY), "Ana")
    with team.database.transaction() as session:
        people = {name: session.get_one(Person, one) for name, one in team.ids.items()}
        ids = {
            name: [one.id for one in cover_requests.open_for(session, who, LIVE, NOW)] for name, who in people.items()
        }
        assert ids == {"Ana": [], "Ravi": requests, "Busy": requests[1:]}
        assert [one.id for one in cover_requests.mine(session, people["Ana"])] == requests
        assert [session.get_one(CoverRequest, one).number for one in requests] == [1, 2, 3]
        cover_requests.withdraw(session, requests[1], LINE, LIVE, NOW)
    fourth = str(team.ask(team.shift("Ana", SOON + 8 * DAY)))
    team.now = NOW + 3 * DAY + HOUR
    fifth = str(team.ask(team.shift("Ana", SOON + 9 * DAY)))
    with team.database.reading() as session:
        assert [session.get_one(CoverRequest, one).number for one in (fourth, fifth)] == [4, 2]
        assert session.scalars(select(SwapOffer)).all() == []
