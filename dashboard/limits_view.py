"""Blocked callers in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.queries_limits import BlockRow
from dashboard.times import Moment


@dataclass(frozen=True)
class BlockLine:
    """One block: who, until when, why, by whom."""

    id: str
    who: str
    until: str
    reason: str
    decided: str
    contact_id: str
    may_return: bool


@dataclass(frozen=True)
class LimitsPage:
    """What the page shows."""

    answer: str
    blocked: Sequence[BlockLine]
    ended: Sequence[BlockLine]


def build(standing: Sequence[BlockRow], ended: Sequence[BlockRow], at: Moment) -> LimitsPage:
    return LimitsPage(
        answer=answer(len(standing)),
        blocked=[line(one, at) for one in standing],
        ended=[line(one, at) for one in ended],
    )


def answer(blocked: int) -> str:
    if not blocked:
        return "Nobody is blocked: everybody who calls is put through."
    return f"{words.sentence(words.counted(blocked, 'caller is', 'callers are'))} blocked."


def line(block: BlockRow, at: Moment) -> BlockLine:
    lifted = block.lifted_at is not None and (block.ends_at is None or block.lifted_at < block.ends_at)
    return BlockLine(
        id=block.id,
        who=who(block),
        until=_until(block, at),
        reason=block.reason,
        decided=f"Decided by {block.email or 'a login that is gone'} {at.on(block.created_at)}",
        contact_id=block.contact_id or "",
        may_return=lifted and (block.ends_at is None or block.ends_at > at.now),
    )


def who(block: BlockRow) -> str:
    if block.person:
        return block.person
    return f"A number that ends in {block.number[-2:]}" if block.number else "A number"


def _until(block: BlockRow, at: Moment) -> str:
    if block.lifted_at is not None and (block.ends_at is None or block.lifted_at < block.ends_at):
        return f"lifted {at.on(block.lifted_at)}"
    if block.ends_at is None:
        return "until somebody lifts it"
    if block.ends_at <= at.now:
        return f"ended {at.on(block.ends_at)}"
    return f"until {at.moment(block.ends_at)}"
