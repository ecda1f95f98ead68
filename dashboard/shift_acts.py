"""What the buttons on the page of somebody's shifts do. Each may be pressed twice; what can't be done says why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dashboard import typed
from phoneline import assignments, confirmations, cover_requests, sitting_in
from phoneline.cover_states import CoverKind
from phoneline.live_settings import LiveSettings
from phoneline.models import CoverRequest, Person, SwapOffer
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal


@dataclass(frozen=True)
class Doing:
    """One act: for whom, by whom, with what was sent."""

    session: Session
    person: Person
    by: By
    form: Mapping[str, str]
    live: LiveSettings
    now: datetime

    def sent(self, name: str) -> str:
        return typed.key(self.form, name)

    @property
    def hours_id(self) -> str:
        return self.sent("hours")


def _take(doing: Doing) -> object:
    """Open hours, or those that somebody gives away."""
    session, person, by, live, now = doing.session, doing.person, doing.by, doing.live, doing.now
    if request_id := doing.sent("request"):
        return cover_requests.take(session, request_id, person, by, live, now, tells_taker=by.person_id is None)
    return assignments.take(session, person, doing.hours_id, by, live, now)


def _ask(doing: Doing) -> object:
    kind = doing.sent("kind")
    if kind not in set(CoverKind):
        return Refusal.PAST
    asked = (doing.session, doing.hours_id, doing.person, CoverKind(kind), doing.by, doing.live, doing.now)
    return cover_requests.ask(*asked)


def _withdraw(doing: Doing) -> object:
    request = doing.session.get(CoverRequest, doing.sent("request"))
    if request is None or request.from_id != doing.person.id:
        return Refusal.PAST
    return cover_requests.withdraw(doing.session, request.id, doing.by, doing.live, doing.now)


def _undo(doing: Doing) -> object:
    return cover_requests.undo(doing.session, doing.hours_id, doing.person, doing.by, doing.live, doing.now)


def _offer_swap(doing: Doing) -> object:
    request_id = doing.sent("request")
    return cover_requests.offer_swap(doing.session, request_id, doing.person, doing.hours_id, doing.live, doing.now)


def _accept_swap(doing: Doing) -> object:
    offer = _offer_to_them(doing)
    if offer is None:
        return Refusal.PAST
    tells_giver = doing.by.person_id is None
    return cover_requests.accept_swap(doing.session, offer.id, doing.by, doing.live, doing.now, tells_giver=tells_giver)


def _decline_swap(doing: Doing) -> object:
    offer = _offer_to_them(doing)
    declined = offer is not None and cover_requests.decline_swap(doing.session, offer.id, doing.live, doing.now)
    return None if declined else Refusal.PAST


def _offer_to_them(doing: Doing) -> SwapOffer | None:
    """The offer, if it is for hours that this person gives away."""
    offer = doing.session.get(SwapOffer, doing.sent("offer"))
    return offer if offer is not None and offer.request.from_id == doing.person.id else None


def _wait(doing: Doing) -> object:
    return cover_requests.wait_for(doing.session, doing.hours_id, doing.person, doing.now)


def _stop_waiting(doing: Doing) -> object:
    cover_requests.stop_waiting(doing.session, doing.hours_id, doing.person)
    return None


def _confirm(doing: Doing) -> object:
    return confirmations.confirm(doing.session, doing.person.id, doing.hours_id, doing.now) or Refusal.PAST


def _sit_in(doing: Doing) -> object:
    return sitting_in.sit_in(doing.session, doing.person, doing.hours_id, doing.by, doing.live, doing.now)


def _leave(doing: Doing) -> object:
    left = sitting_in.leave(doing.session, doing.person.id, doing.hours_id, doing.by, doing.now)
    return None if left else Refusal.PAST


def _open(doing: Doing) -> object:
    return assignments.give_up(doing.session, doing.hours_id, doing.person.id, doing.by, doing.now)


ACTS: Mapping[str, Callable[[Doing], object]] = {
    "take": _take,
    "confirm": _confirm,
    "ask": _ask,
    "withdraw": _withdraw,
    "undo": _undo,
    "offer_swap": _offer_swap,
    "accept_swap": _accept_swap,
    "decline_swap": _decline_swap,
    "wait": _wait,
    "stop_waiting": _stop_waiting,
    "sit_in": _sit_in,
    "leave": _leave,
}
"""What they answer is a refusal, or of no interest."""
FOR_OTHERS: Mapping[str, Callable[[Doing], object]] = {"open": _open}
"""A coordinator's alone: a volunteer stays responsible until another is."""
