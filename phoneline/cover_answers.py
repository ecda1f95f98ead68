"""What volunteers text about shifts that change hands: YES and NO, with the number of our text, and GIVE."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from phoneline import cover_notices, cover_requests, cover_rows
from phoneline.cover_states import CoverKind, CoverState
from phoneline.live_settings import LiveSettings
from phoneline.models import COVER_IS_OPEN, SWAP_IS_OPEN, CoverAsked, CoverRequest, Person, ShiftHours, SwapOffer
from phoneline.prompts import say
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal
from phoneline.text_rules import Understood
from phoneline.text_states import TextMeaning

ANSWERS = frozenset({TextMeaning.YES, TextMeaning.NO})
LATELY = timedelta(days=1)
"""So long whoever says yes without a number hears that somebody was quicker."""


@dataclass(frozen=True)
class _About:
    """What an answer may be about: somebody's hours, or hours offered in return."""

    request: CoverRequest
    offer: SwapOffer | None = None


def concerns(session: Session, person: Person, meant: Understood, now: datetime) -> bool:
    """Whether the answer is one to us. Any other yes or no is somebody's words, for a person to read."""
    return bool(_found(session, person, meant, now))


def is_asked_now(session: Session, person: Person, meant: Understood, now: datetime) -> bool:
    """Whether the answer may be one to a request that is open."""
    return any(one.request.state is CoverState.OPEN for one in _found(session, person, meant, now))


def obey(session: Session, person: Person, meant: Understood, live: LiveSettings, now: datetime) -> str:
    """Do what the answer says; what to answer."""
    found = _found(session, person, meant, now)
    language = cover_notices.language_of(person, live)
    standing = [one for one in found if one.request.state is CoverState.OPEN]
    if len(standing) > 1:
        return say("cover_which", language).text
    about = (standing or found)[0]
    if about.offer is not None:
        return _to_offer(session, person, about.offer, meant.meaning, live, now)
    if meant.meaning is TextMeaning.YES:
        return _yes(session, person, about.request, live, now)
    return _no(session, person, about.request, live, now)


def give(session: Session, person: Person, live: LiveSettings, now: datetime) -> str:
    """Give away the next shift that isn't given away yet; what to answer."""
    theirs = and_(ShiftHours.person_id == person.id, ShiftHours.starts_at > now, ~ShiftHours.off, ~ShiftHours.shadow)
    asked_of = select(CoverRequest.hours_id).where(COVER_IS_OPEN)
    found = (
        select(ShiftHours).where(theirs, ShiftHours.id.not_in(asked_of)).order_by(ShiftHours.starts_at, ShiftHours.id)
    )
    hours = session.scalars(found.limit(1)).one_or_none()
    if hours is None:
        return say("cover_no_shift", cover_notices.language_of(person, live)).text
    asked = cover_requests.ask(session, hours.id, person, CoverKind.GIVE_AWAY, By(person.id), live, now)
    if isinstance(asked, Refusal):
        return _refused(person, asked, live)
    return given(session, person, hours, live, now)


def given(session: Session, person: Person, hours: ShiftHours, live: LiveSettings, now: datetime) -> str:
    """What to answer whoever gave these hours away a moment ago."""
    standing = cover_rows.open_on(session, hours.id)
    if standing is None:
        return cover_notices.words("cover_given_at_once", person, hours, live, now)
    return cover_notices.words("cover_given", person, hours, live, now, number=str(standing.number))


# What it may be about


def _found(session: Session, person: Person, meant: Understood, now: datetime) -> Sequence[_About]:
    if meant.number is not None:
        return _numbered(session, person, int(meant.number), now)
    asked = (
        select(CoverRequest)
        .join(CoverAsked, and_(CoverAsked.request_id == CoverRequest.id, CoverAsked.person_id == person.id))
        .where(CoverAsked.said_no_at.is_(None), CoverRequest.from_id != person.id)
        .where(or_(COVER_IS_OPEN, CoverRequest.over_at > now - LATELY))
        .order_by(CoverAsked.at.desc())
    )
    offered = select(SwapOffer).join(CoverRequest, CoverRequest.id == SwapOffer.request_id)
    offered = offered.where(SWAP_IS_OPEN, CoverRequest.from_id == person.id)
    offers = [_About(one.request, one) for one in session.scalars(offered)]
    return [*(_About(one) for one in session.scalars(asked)), *offers]


def _numbered(session: Session, person: Person, number: int, now: datetime) -> Sequence[_About]:
    """What the number means to this person; a stranger's number is no answer of theirs."""
    request = cover_rows.request_numbered(session, number, now)
    if request is not None:
        theirs = person.id in {request.from_id, request.taken_by_id}
        return [_About(request)] if theirs or cover_rows.asked(session, request.id, person.id) else []
    offer = cover_rows.offer_numbered(session, number, now)
    return [_About(offer.request, offer)] if offer is not None and offer.request.from_id == person.id else []


# What is done


def _yes(session: Session, person: Person, request: CoverRequest, live: LiveSettings, now: datetime) -> str:
    if request.from_id == person.id:
        key = "cover_given" if request.state is CoverState.OPEN else "cover_over"
        return cover_notices.words(key, person, request.hours, live, now, number=str(request.number))
    got = cover_requests.take(session, request.id, person, By(person.id), live, now, tells_taker=False)
    if not isinstance(got, Refusal):
        return cover_notices.words("cover_yours", person, got, live, now, number=str(request.number))
    over = {Refusal.FULL: "cover_quicker", Refusal.PAST: "cover_over"}
    if got in over:
        return say(over[got], cover_notices.language_of(person, live)).text
    return _refused(person, got, live)


def _no(session: Session, person: Person, request: CoverRequest, live: LiveSettings, now: datetime) -> str:
    by = By(person.id)
    if request.from_id == person.id:
        done = cover_requests.withdraw(session, request.id, by, live, now)
        key = "cover_over" if isinstance(done, Refusal) else "cover_kept"
        return cover_notices.words(key, person, request.hours, live, now)
    if request.taken_by_id == person.id:
        back = cover_requests.undo(session, request.hours_id, person, by, live, now)
        key = "cover_not_undone" if isinstance(back, Refusal) else "cover_undone"
        return cover_notices.words(key, person, request.hours, live, now)
    held = cover_rows.held(session, request.id)
    if held is not None:
        cover_rows.says_no(session, held, person.id, now)
    return say("cover_no", cover_notices.language_of(person, live)).text


def _to_offer(
    session: Session, person: Person, offer: SwapOffer, meaning: TextMeaning, live: LiveSettings, now: datetime
) -> str:
    language = cover_notices.language_of(person, live)
    if meaning is TextMeaning.NO:
        cover_requests.decline_swap(session, offer.id, live, now)
        return say("cover_no", language).text
    done = cover_requests.accept_swap(session, offer.id, By(person.id), live, now, tells_giver=False)
    if not isinstance(done, Refusal):
        return cover_notices.swapped_words(done, person, live, now)
    return say("cover_over", language).text if done in {Refusal.FULL, Refusal.PAST} else _refused(person, done, live)


def _refused(person: Person, why: Refusal, live: LiveSettings) -> str:
    return say(f"refused_{why.value}", cover_notices.language_of(person, live)).text
