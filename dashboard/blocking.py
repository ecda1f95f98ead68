"""Blocking a caller from a page: the decision carries the login of whoever made it."""

import structlog
from sqlalchemy.orm import Session

from dashboard.block_form import BlockForm
from dashboard.current import known_visitor, the_line
from dashboard.decisions import note
from dashboard.own_record import refuse_own
from dashboard.times import Moment
from phoneline import blocks
from phoneline.blocks import Decision, Whom
from phoneline.setting_states import SettingKind

events = structlog.get_logger()


def block(session: Session, whom: Whom, form: BlockForm) -> None:
    """Said twice, it is done once."""
    refuse_own(whom.person_id)
    account_id = known_visitor().account_id
    now = the_line().now
    if blocks.put(session, whom, Decision(form.reason, form.ends_at, account_id), now):
        stands = blocks.standing(session, whom.person_id, whom.number_hash, now)
        if stands is not None:
            note(session, SettingKind.BLOCK, stands.block_id, is_on=True)
        events.info("caller_blocked", account_id=account_id, contact_id=whom.contact_id)


def today(at: Moment) -> str:
    """The first day that a date field takes."""
    return f"{at.now.astimezone(at.zone):%Y-%m-%d}"
