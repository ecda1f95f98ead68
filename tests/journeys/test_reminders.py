"""Volunteers are reminded of a shift: one says by telephone that they come, another's silence asks others."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update

from phoneline.models import Pulse, ShiftHours, ShiftReminder
from phoneline.prompts import catalogue
from phoneline.reminder_layout import LAID_OUT
from phoneline.reminder_states import ReminderKind
from phoneline.simulator import Behaviour, Handset
from tests.journeys.story import Story, eventually
from tests.journeys.test_texts import inbox

EN = catalogue("en")


def its_time_has_come(story: Story, before: timedelta | None = None) -> None:
    """Of the next step about each shift, which begins so long from now."""
    with story.stack.database.transaction() as session:
        now = story.stack.now()
        if before is not None:
            session.execute(update(ShiftHours).values(starts_at=now + before, ends_at=now + 2 * before))
            session.execute(update(ShiftReminder).values(starts_at=now + before))
        asked = update(ShiftReminder).where(ShiftReminder.kind == ReminderKind.DAY_BEFORE)
        session.execute(asked.where(ShiftReminder.due_at.is_not(None)).values(due_at=now))


def a_shift(story: Story, whose: Handset) -> None:
    begins = story.local() + timedelta(hours=30)
    row = {"phone": whose.number, "starts_at": begins, "ends_at": begins + timedelta(hours=2), "tier": 1}
    story.take("shifts", [row])


def test_one_says_by_telephone_that_they_come_and_anothers_silence_asks_a_third(story: Story) -> None:
    ana, ben, kim = (story.person(name, "volunteer") for name in ("Ana", "Ben", "Kim"))
    ben.behaviour = Behaviour(busy=True)
    for one in (ana, ben):
        a_shift(story, one)
    with story.stack.database.transaction() as session:
        session.execute(delete(Pulse).where(Pulse.name == LAID_OUT))
    eventually(lambda: reminders(story) == 4)
    its_time_has_come(story)
    eventually(lambda: len(inbox(ana)) == len(inbox(ben)) == 1)
    assert inbox(ana)[0].startswith("Hi Ana, your next shift: ")
    assert (ana.legs, ben.legs) == ([], [])

    its_time_has_come(story)
    leg = ana.wait_ringing(20)
    ana.answer()
    heard = leg.wait_heard("If you'll come, press 1", 10)
    assert heard.startswith("Hello, it's about your shift: ")
    ana.press("1", wait=10)
    leg.wait_heard("that's noted", 10)
    leg.wait_over(20)

    eventually(lambda: rung(story, ben) == 1)
    story.network.wait_quiet(20)
    its_time_has_come(story)
    eventually(lambda: rung(story, ben) == 2)
    story.network.wait_quiet(20)
    its_time_has_come(story, timedelta(hours=11))
    eventually(lambda: any("whether Ben can do the shift" in text for text in inbox(kim)), 30)
    assert len(ana.legs) == 1
    assert kim.legs == []
    assert story.errors() == []


def reminders(story: Story) -> int:
    with story.stack.database.reading() as session:
        return session.scalars(select(func.count()).select_from(ShiftReminder)).one()


def rung(story: Story, whom: Handset) -> int:
    return sum(one.number == whom.number for one in story.network.journal.of("leg_created"))
