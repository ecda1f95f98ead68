"""The rows of cover requests: held, closed, numbered. What is done with them stands in `cover_requests`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select, union_all, update
from sqlalchemy.orm import Session

from phoneline import locks
from phoneline.cover_states import CoverState, SwapState
from phoneline.models import COVER_IS_OPEN, SWAP_IS_OPEN, CoverAsked, CoverRequest, SwapOffer

NUMBER_RESTS = timedelta(days=3)
"""Whoever answers late must not be taken to mean another request."""


def held(session: Session, request_id: str, *, skip_locked: bool = False) -> CoverRequest | None:
    """The request, held and read afresh; None if there is none, or another has it and we don't wait."""
    found = select(CoverRequest).where(CoverRequest.id == request_id)
    found = found.with_for_update(of=CoverRequest, key_share=True, skip_locked=skip_locked)
    return session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def open_on(session: Session, hours_id: str) -> CoverRequest | None:
    """The request that stands for these hours."""
    return session.scalars(select(CoverRequest).where(CoverRequest.hours_id == hours_id, COVER_IS_OPEN)).one_or_none()


def open_by_hours(session: Session, hours_ids: Sequence[str]) -> Mapping[str, CoverRequest]:
    """The requests that stand for any of these hours."""
    found = session.scalars(select(CoverRequest).where(CoverRequest.hours_id.in_(hours_ids), COVER_IS_OPEN))
    return {one.hours_id: one for one in found}


def close(session: Session, request: CoverRequest, state: CoverState, now: datetime, by_id: str | None = None) -> None:
    """The request's end. Whatever was offered in return is over with it. Hold its row."""
    request.state, request.over_at, request.taken_by_id = state, now, by_id
    session.flush()
    offered = update(SwapOffer).where(SwapOffer.request_id == request.id, SWAP_IS_OPEN)
    session.execute(offered.values(state=SwapState.OVER, over_at=now).execution_options(synchronize_session="fetch"))


def in_turn(session: Session) -> None:
    """One at a time asks for cover or offers a swap: numbers are given, and one request stands for some hours."""
    locks.hold_in_turn(session.connection(), locks.COVER)


def free_number(session: Session, now: datetime) -> int:
    """The lowest that means nothing now, nor meant anything lately. Hold `in_turn`."""
    taken = set(session.scalars(union_all(*numbers(now))))
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def numbers(now: datetime) -> Sequence[Select[int]]:
    """Those that mean something now, and those that did lately; each found by an index of its own."""
    since = now - NUMBER_RESTS
    return (
        select(CoverRequest.number).where(COVER_IS_OPEN),
        select(CoverRequest.number).where(CoverRequest.over_at > since),
        select(SwapOffer.number).where(SWAP_IS_OPEN),
        select(SwapOffer.number).where(SwapOffer.over_at > since),
    )


def request_numbered(session: Session, number: int, now: datetime) -> CoverRequest | None:
    """What the number means, or meant lately."""
    with_it = select(CoverRequest).where(CoverRequest.number == number).order_by(CoverRequest.over_at.desc()).limit(1)
    lately = with_it.where(CoverRequest.over_at > now - NUMBER_RESTS)
    return session.scalars(with_it.where(COVER_IS_OPEN)).one_or_none() or session.scalars(lately).one_or_none()


def offer_numbered(session: Session, number: int, now: datetime) -> SwapOffer | None:
    """As for a request."""
    with_it = select(SwapOffer).where(SwapOffer.number == number).order_by(SwapOffer.over_at.desc()).limit(1)
    lately = with_it.where(SwapOffer.over_at > now - NUMBER_RESTS)
    return session.scalars(with_it.where(SWAP_IS_OPEN)).one_or_none() or session.scalars(lately).one_or_none()


def asked(session: Session, request_id: str, person_id: str) -> CoverAsked | None:
    return session.scalars(
        select(CoverAsked).where(CoverAsked.request_id == request_id, CoverAsked.person_id == person_id)
    ).one_or_none()


def says_no(session: Session, request: CoverRequest, person_id: str, now: datetime) -> None:
    """They aren't asked for it any more. Hold the request's row."""
    row = asked(session, request.id, person_id)
    if row is None:
        row = CoverAsked(request_id=request.id, person_id=person_id, at=now)
        session.add(row)
    row.said_no_at = row.said_no_at or now
    session.flush()
