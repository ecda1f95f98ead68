import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard import apart_form, typed
from phoneline import matching
from phoneline.models import ApartDecision
from phoneline.states import AccountRole, Role
from tests import factories
from tests.dashboard.evening import EMAILS, NOW
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_contact import ATTACK, words
from tests.dashboard.test_limits import post
from tests.databases import ONE_KIND

WHY = "They are brothers"


@pytest.fixture
def pair(line: StoppedLine) -> dict[str, str]:
    """What is chosen in the form: Sam calls, Ana volunteers."""
    with line.database.transaction() as session:
        sam = factories.person(session, now=NOW, name="Sam")
        ana = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana")
        return {"caller": sam.id, "volunteer": ana.id}


def decisions(line: StoppedLine) -> list[ApartDecision]:
    with line.database.reading() as session:
        return list(session.scalars(select(ApartDecision).order_by(ApartDecision.created_at)))


def kept_apart(line: StoppedLine, pair: dict[str, str]) -> bool:
    with line.database.reading() as session:
        both = {matching.apart_from(session, pair[one]) == {pair[other]} for one, other in (BOTH, reversed(BOTH))}
    assert len(both) == 1, "it holds both ways, or not at all"
    return both.pop()


BOTH = ("caller", "volunteer")


@ONE_KIND
def test_a_pair_is_kept_apart_put_together_and_kept_apart_again(
    line: StoppedLine, coordinator: FlaskClient, pair: dict[str, str]
) -> None:
    assert post(coordinator, "/limits/apart", **pair, reason=f" {WHY} ") == 303
    [made] = decisions(line)
    shown = words(coordinator.get("/limits").text)
    assert "One pair is kept apart." in shown
    assert f"Sam and Ana never put through to each other {WHY}" in shown
    assert f"Decided by {EMAILS[AccountRole.COORDINATOR]} today 19:14." in shown
    assert kept_apart(line, pair)
    assert post(coordinator, f"/limits/apart/{made.id}/lift") == 303
    shown = words(coordinator.get("/limits").text)
    assert "Sam and Ana lifted today 19:14" in shown
    assert "kept apart." not in shown
    assert not kept_apart(line, pair)
    assert post(coordinator, f"/limits/apart/{made.id}/back") == 303
    assert kept_apart(line, pair)


@ONE_KIND
def test_what_was_decided_anew_is_not_put_back_over_it(
    line: StoppedLine, coordinator: FlaskClient, pair: dict[str, str]
) -> None:
    post(coordinator, "/limits/apart", **pair, reason=WHY)
    [first] = decisions(line)
    post(coordinator, f"/limits/apart/{first.id}/lift")
    assert post(coordinator, "/limits/apart", **pair, how="rather_not", reason=WHY) == 303
    assert post(coordinator, f"/limits/apart/{first.id}/back") == 303
    assert not kept_apart(line, pair)
    assert "Ana is rung for Sam only if nobody else can be" in words(coordinator.get("/limits").text)


@ONE_KIND
@pytest.mark.parametrize(
    ("changed", "wrong", "problem"),
    [
        ({"caller": ""}, "caller", apart_form.NO_CALLER),
        ({"volunteer": ""}, "volunteer", apart_form.NO_VOLUNTEER),
        ({"caller": "one", "volunteer": "one"}, "volunteer", apart_form.SAME),
        ({"reason": " "}, "apart-reason", typed.NO_REASON),
        ({"reason": "x" * 501}, "apart-reason", typed.LONG_REASON),
    ],
)
def test_what_will_not_do_comes_back_with_what_to_mend_beside_it(
    line: StoppedLine,
    coordinator: FlaskClient,
    pair: dict[str, str],
    changed: dict[str, str],
    wrong: str,
    problem: str,
) -> None:
    given = {"csrf_token": token(coordinator, "/"), **pair, "reason": WHY, **changed}
    answer = coordinator.post("/limits/apart", data=given)
    assert answer.status_code == 422
    assert f'aria-describedby="{wrong}-problem" autofocus' in answer.text
    assert f'id="{wrong}-problem" role="alert">{said(problem)}' in answer.text
    assert decisions(line) == []


@ONE_KIND
def test_said_twice_it_says_that_it_is_so_already(
    line: StoppedLine, coordinator: FlaskClient, pair: dict[str, str]
) -> None:
    post(coordinator, "/limits/apart", **pair, reason=WHY)
    answer = coordinator.post("/limits/apart", data={"csrf_token": token(coordinator, "/"), **pair, "reason": WHY})
    assert answer.status_code == 422
    assert said(apart_form.ALREADY) in answer.text
    assert len(decisions(line)) == 1


@ONE_KIND
def test_nobody_is_kept_apart_from_a_stranger_nor_by_a_volunteer(
    line: StoppedLine, coordinator: FlaskClient, volunteer: FlaskClient, pair: dict[str, str]
) -> None:
    for wrong in ({"caller": "nobody"}, {"volunteer": pair["caller"], "caller": pair["volunteer"]}):
        assert post(coordinator, "/limits/apart", **(pair | wrong), reason=WHY) == 404
    assert post(volunteer, "/limits/apart", **pair, reason=WHY) == 403
    assert decisions(line) == []


@ONE_KIND
def test_the_pages_of_both_lead_there_and_say_who_is_kept_apart(
    line: StoppedLine, coordinator: FlaskClient, pair: dict[str, str]
) -> None:
    with line.database.transaction() as session:
        contact = factories.contact(session, NOW, person_id=pair["caller"]).id
    for page, one in ((f"/log/{contact}", "caller"), (f"/team/{pair['volunteer']}", "volunteer")):
        text = coordinator.get(page).text
        assert f"/limits?{one}={pair[one]}#apart" in text
        assert "Kept apart from Ana" not in words(text)
        assert f'<option value="{pair[one]}" selected>' in coordinator.get(f"/limits?{one}={pair[one]}").text
    post(coordinator, "/limits/apart", **pair, reason=ATTACK)
    assert "Kept apart from Ana." in words(coordinator.get(f"/log/{contact}").text)
    assert "Kept apart from Sam" in words(coordinator.get(f"/team/{pair['volunteer']}").text)
    assert ATTACK not in coordinator.get("/limits").text


@ONE_KIND
def test_two_volunteers_are_kept_apart_on_the_roster_too(
    line: StoppedLine, coordinator: FlaskClient, pair: dict[str, str]
) -> None:
    with line.database.transaction() as session:
        ravi = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ravi")
    assert post(coordinator, "/limits/apart", caller=ravi.id, volunteer=pair["volunteer"], reason=WHY) == 303
    shown = words(coordinator.get("/limits").text)
    assert "Ravi and Ana never on shift together, and never put through to each other" in shown


@ONE_KIND
def test_blocks_limits_and_pairs_stand_in_the_log_of_changes_and_are_taken_back_there(
    line: StoppedLine, coordinator: FlaskClient, pair: dict[str, str]
) -> None:
    def change(whom: str, becomes: str) -> str:
        rows = coordinator.get("/settings/changes").text.split('id="change-')[1:]
        [found] = [row for row in rows if f">{whom}<" in row and f"<ins>{said(becomes)}</ins>" in row]
        return found.split('"')[0]

    def undo(change_id: str) -> int:
        return post(coordinator, f"/settings/changes/{change_id}/undo")

    post(coordinator, "/limits/apart", **pair, reason=WHY)
    post(coordinator, "/limits/numbers", number=factories.number(42), reason=WHY)
    post(coordinator, "/limits/people", person=pair["caller"], minutes="30")
    whom = ("Kept apart: Sam, Ana", "Block: A number that ends in 42", "Daily limit: Sam")
    made = [change(one, "holds") for one in whom]
    assert [undo(one) for one in made] == [303] * 3
    assert not kept_apart(line, pair)
    assert "Nobody is blocked. Everybody may call" in words(coordinator.get("/limits").text)
    assert [undo(one) for one in made] == [409] * 3, "they hold no longer"
    assert [undo(change(one, "doesn't hold")) for one in whom] == [303] * 3
    assert kept_apart(line, pair)
    assert "One caller is blocked. With one person" in words(coordinator.get("/limits").text)
    assert WHY not in coordinator.get("/settings/changes").text
