"""A decision about whoever is looking is none of their work, whatever id names it: refused, as their page is."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.own_record import refuse_own
from phoneline.models import ApartDecision, Block, DailyLimit


def refuse_block(session: Session, block_id: str) -> None:
    refuse_own(session.scalars(select(Block.person_id).where(Block.id == block_id)).one_or_none())


def refuse_limit(session: Session, limit_id: str) -> None:
    refuse_own(session.scalars(select(DailyLimit.person_id).where(DailyLimit.id == limit_id)).one_or_none())


def refuse_apart(session: Session, decision_id: str) -> None:
    found = session.get(ApartDecision, decision_id)
    if found is not None:
        refuse_own(found.person_id)
        refuse_own(found.other_id)
