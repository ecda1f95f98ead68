"""A follow-up is done, taken back or put off, from whichever page it is said; and what is told of it then."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from dashboard import own_contact
from dashboard.current import known_visitor, the_line
from dashboard.follow_up_form import FollowUpForm
from dashboard.queries_follow_ups import LATELY
from phoneline import follow_ups, owners
from phoneline.follow_ups import Ending
from phoneline.states import FollowUp

events = structlog.get_logger()


def finish(contact_id: str, form: FollowUpForm) -> FollowUp | None:
    """What it was before; None if it was done already."""
    line, account_id = the_line(), known_visitor().account_id
    if form.how is None:
        raise ValueError("a form that won't do")
    ending = Ending(form.how, account_id, form.note)
    with line.database.transaction() as writing:
        own_contact.refuse(writing, contact_id)
        was = follow_ups.finish(writing, contact_id, line.now, ending)
    if was is not None:
        events.info("follow_up_done", account_id=account_id, contact_id=contact_id, how=form.how.value)
    return was


def take_back(contact_id: str) -> bool:
    """It is open again, if it was done lately."""
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        own_contact.refuse(writing, contact_id)
        taken = follow_ups.take_back(writing, contact_id, line.now - LATELY, line.now)
    if taken:
        events.info("follow_up_reopened", account_id=account_id, contact_id=contact_id)
    return taken


def put_off(contact_id: str, until: datetime, reason: str) -> bool:
    line, account_id = the_line(), known_visitor().account_id
    now = line.now

    def work(writing: Session) -> bool:
        own_contact.refuse(writing, contact_id)
        return owners.put_off(writing, contact_id, until, reason, account_id, now)

    # Alarms about it are held before it is, as whoever presses 1 does it.
    done = line.database.run(work)
    if done:
        events.info("follow_up_put_off", account_id=account_id, contact_id=contact_id)
    return done
