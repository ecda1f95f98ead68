"""What volunteers may learn of somebody with whom they talked: the peer's choice, written down on their page."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from dashboard.tongue import N_, Phrases
from phoneline import shown_names
from phoneline.models import Person
from phoneline.volunteer_states import Shares

CHOICES: Mapping[Shares, str] = Phrases(
    {
        Shares.USUAL: N_("Only those who make their check-ins: these know whom they call"),
        Shares.TEAM: N_("Every volunteer who talks with them"),
    }
)
group = page_group("shares")
events = structlog.get_logger()


@dataclass(frozen=True)
class SharesCard:
    """What holds, and what else could be chosen."""

    chosen: str
    choices: Mapping[str, str]


def card(session: Session, person_id: str) -> SharesCard:
    chosen = session.scalars(select(Person.shares).where(Person.id == person_id)).one_or_none()
    return SharesCard((chosen or Shares.USUAL).value, {one.value: words for one, words in CHOICES.items()})


@group.post("/people/<person_id>/shares")
def choose(person_id: str) -> ResponseReturnValue:
    chosen = request.form.get("shares", "")
    refuse_own(person_id)
    if chosen not in set(Shares):
        abort(400)
    with the_line().database.transaction() as writing:
        if not shown_names.choose(writing, person_id, Shares(chosen)):
            abort(404)
    events.info("shares_chosen", account_id=known_visitor().account_id, person_id=person_id, shares=chosen)
    return redirect(url_for("person.page", person_id=person_id, _anchor="shares"), 303)
