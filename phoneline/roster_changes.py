"""The log of the roster: everybody on the team may read what was done, by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy.orm import Session

from phoneline.models import RosterChange, Shift, ShiftHours
from phoneline.roster_states import RosterAct

_NOTED = "noted"


@dataclass(frozen=True)
class By:
    """Who did it: a volunteer by telephone or on their own page, or a login. Neither: the line itself."""

    person_id: str | None = None
    account_id: str | None = None


LINE = By()


@dataclass(frozen=True)
class Whose:
    """Whose the hours were, and whose they are now."""

    before: str | None
    after: str | None


def note(
    session: Session,
    act: RosterAct,
    by: By,
    now: datetime,
    about: ShiftHours | Shift,
    whose: Whose | None = None,
    before: Mapping[str, Any] | None = None,
) -> RosterChange:
    """Write down what was done about these hours, or about a whole shift, as they are now.

    `before`: what undoing it needs; ids, times and numbers alone.
    """
    hours = about if isinstance(about, ShiftHours) else None
    whose = whose or Whose(about.person_id, about.person_id)
    change = RosterChange(
        at=now,
        act=act,
        hours_id=hours.id if hours is not None else None,
        shift_id=about.shift_id if isinstance(about, ShiftHours) else about.id,
        starts_at=hours.starts_at if hours is not None else None,
        ends_at=hours.ends_at if hours is not None else None,
        tier=about.tier,
        from_id=whose.before,
        to_id=whose.after,
        by_person_id=by.person_id,
        by_account_id=by.account_id,
        before=dict(before) if before is not None else None,
    )
    session.add(change)
    session.flush()
    session.info[_NOTED] = change.id
    return change


def noted(session: Session) -> str | None:
    """The id of what this transaction has noted last, if it has."""
    return cast("str | None", session.info.get(_NOTED))
