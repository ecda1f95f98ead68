"""The week's letter by telephone, and voices for what the team decides together."""

from datetime import timedelta

import pytest

from phoneline import clock, proposals, thanks
from phoneline.models import Proposal
from phoneline.prompts import catalogue
from tests.webhooks.carrier import Carrier
from tests.webhooks.own_menu import AtThePhone, Member, inside, volunteer
from tests.webhooks.scenes import Scene

WORDS = catalogue("en")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def noor(scene: Scene) -> Member:
    return volunteer(scene)


@pytest.fixture
def proposed(scene: Scene, noor: Member) -> list[str]:
    """Ana thanked everybody and proposed two things, one after another."""
    ana = volunteer(scene, name="Ana Example")
    with scene.database.transaction() as session:
        now = clock.now()
        thanks.say(session, "For a long night", ana.id, None, now)
        told = enumerate(("Later on Sundays", "Tea together"))
        return [proposals.make(session, words, ana.id, now + n * MINUTE).id for n, words in told]


@pytest.fixture
def phone(scene: Scene, carrier: Carrier, noor: Member, proposed: list[str]) -> AtThePhone:
    return inside(scene, carrier, noor)


def voices(scene: Scene, proposal_id: str) -> tuple[int, int]:
    with scene.database.reading() as session:
        said = proposals.voices(session.get_one(Proposal, proposal_id))
        return said.yes, said.no


def test_7_reads_the_letter_and_each_proposal_is_voted_on_once(
    scene: Scene, phone: AtThePhone, proposed: list[str]
) -> None:
    first = phone.press("7").said
    assert "Ana thanks everybody: For a long night." in first
    assert "Here is a proposal. Later on Sundays." in first
    assert WORDS["letter_keys"] in phone.page(f"proposal/{proposed[0]}/1", "5").said, "a wrong key"
    second = phone.page(f"proposal/{proposed[0]}/2", "1").said
    assert second.startswith(WORDS["letter_voted"])
    assert "Tea together." in second
    assert WORDS["letter_over"] in phone.page(f"proposal/{proposed[1]}/1", "2").said
    assert [voices(scene, one) for one in proposed] == [(2, 0), (1, 1)]
    assert WORDS["menu_letter"] not in phone.press("*").said, "nothing is left to vote on"


def test_9_passes_one_over_and_what_was_closed_meanwhile_is_said(
    scene: Scene, phone: AtThePhone, proposed: list[str]
) -> None:
    phone.press("7")
    assert "Tea together." in phone.page(f"proposal/{proposed[0]}/1", "9").said
    with scene.database.transaction() as session:
        assert proposals.close(session, proposed[1], clock.now())
        assert not proposals.close(session, proposed[1], clock.now() + MINUTE)
    assert WORDS["letter_closed"] in phone.page(f"proposal/{proposed[1]}/1", "1").said
    assert [voices(scene, one) for one in proposed] == [(1, 0), (1, 0)]
