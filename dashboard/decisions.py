"""Decisions about somebody that a page takes off, or puts in force again: blocks, daily limits, who is kept apart."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from dashboard import own_rows
from dashboard.current import known_visitor, the_line
from phoneline import decision_changes
from phoneline.change_log import By
from phoneline.setting_states import SettingKind

_ROWS = {
    SettingKind.BLOCK: ("block_id", own_rows.refuse_block),
    SettingKind.LIMIT: ("limit_id", own_rows.refuse_limit),
    SettingKind.APART: ("decision_id", own_rows.refuse_apart),
}
"""How the log names its id, and what keeps people from their own."""

events = structlog.get_logger()


def note(session: Session, kind: SettingKind, row_id: str, *, is_on: bool) -> None:
    decision_changes.note(session, kind, row_id, is_on, By(known_visitor().account_id), the_line().now)


def switch(
    kind: SettingKind, row_id: str, change: Callable[[Session, str, datetime], bool], event: str, *, is_on: bool
) -> None:
    """Do the change; written down if it was one. 403 for what is about the visitor."""
    name, refuse_own_row = _ROWS[kind]
    with the_line().database.transaction() as writing:
        refuse_own_row(writing, row_id)
        done = change(writing, row_id, the_line().now)
        if done:
            note(writing, kind, row_id, is_on=is_on)
    if done:
        events.info(event, account_id=known_visitor().account_id, **{name: row_id})
