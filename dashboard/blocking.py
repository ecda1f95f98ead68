"""Blocking a caller from a page: the decision carries the login of whoever made it."""

import structlog
from sqlalchemy.orm import Session

from dashboard.block_form import BlockForm
from dashboard.current import known_visitor, the_line
from dashboard.times import Moment
from phoneline import blocks
from phoneline.blocks import Decision, Whom

events = structlog.get_logger()


def block(session: Session, whom: Whom, form: BlockForm) -> None:
    """Said twice, it is done once."""
    account_id = known_visitor().account_id
    if blocks.put(session, whom, Decision(form.reason, form.ends_at, account_id), the_line().now):
        events.info("caller_blocked", account_id=account_id, contact_id=whom.contact_id)


def today(at: Moment) -> str:
    """The first day that a date field takes."""
    return f"{at.now.astimezone(at.zone):%Y-%m-%d}"
