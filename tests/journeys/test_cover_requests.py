"""A shift changes hands by text, and whoever has it then is rung."""

import re
from datetime import timedelta

from sqlalchemy import update

from phoneline.models import ShiftHours
from phoneline.prompts import catalogue
from phoneline.simulator import Faults, Handset
from tests.journeys.story import Story, eventually
from tests.journeys.test_inbound import takes

EN = catalogue("en")


def heard(handset: Handset, pattern: str) -> bool:
    return any(re.search(pattern, text.body) for text in handset.inbox)


def test_of_two_who_say_yes_at_once_one_has_the_shift_and_is_rung_in_it(story: Story) -> None:
    story.network.faults = Faults(double_callbacks=True, shuffle_callbacks=True, max_delay=2.0)
    ana, ravi, noor = (story.person(name, "volunteer", pin="271828") for name in ("Ana", "Ravi", "Noor"))
    starts = story.local() + timedelta(days=3)
    story.take("shifts", [{"phone": ana.number, "starts_at": starts, "ends_at": starts + timedelta(hours=2)}])
    ana.text_line("GIVE 271828")
    eventually(lambda: heard(ana, "Until somebody does, it stays yours"))
    eventually(lambda: all(heard(one, r"^Ana can't do the shift .* Text YES 1 ") for one in (ravi, noor)))
    for one in (ravi, noor):
        one.text_line("Yes 1 271828")
    eventually(lambda: sum(heard(one, "A mistake\\? Text NO 1") for one in (ravi, noor)) == 1)
    winner, other = (ravi, noor) if heard(ravi, "A mistake") else (noor, ravi)
    eventually(lambda: EN["cover_quicker"] in [text.body for text in other.inbox])
    eventually(lambda: heard(ana, f"^{winner.label} has taken your shift"))
    story.network.wait_quiet()
    # Three days later.
    with story.stack.database.transaction() as session:
        begun = {"starts_at": story.stack.now(), "ends_at": story.stack.now() + timedelta(hours=8)}
        session.execute(update(ShiftHours).values(begun))
    call = story.person("Sam").call_line()
    takes(winner)
    call.wait_in_conference(10, mates=1)
    assert not ana.legs
    assert not other.legs
    assert [len(one.inbox) for one in (ana, winner, other)] == [2, 2, 2], "no text twice"
    assert "271828" not in story.stack.logs()
    assert story.errors() == []
