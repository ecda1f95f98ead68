"""Who is blocked, limited or kept apart, in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.apart_view import ApartView
from dashboard.queries_limits import BlockRow, LimitRow
from dashboard.spending_view import SpendingView
from dashboard.times import Moment
from phoneline.allowance import MINUTE_SECONDS, Allowance


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
class LimitLine:
    """One agreement: with whom, what, what of it is used today, by whom it was agreed."""

    id: str
    who: str
    agreed: str
    used: str
    note: str
    decided: str
    holds: bool


@dataclass(frozen=True)
class Found:
    """All that was read."""

    standing: Sequence[BlockRow]
    ended: Sequence[BlockRow]
    limits: Sequence[LimitRow]
    today: Mapping[str, Allowance]
    apart: ApartView
    spending: SpendingView
    notice: str


@dataclass(frozen=True)
class LimitsPage:
    """What the page shows."""

    answer: str
    blocked: Sequence[BlockLine]
    ended: Sequence[BlockLine]
    limits: Sequence[LimitLine]
    apart: ApartView
    spending: SpendingView


def build(found: Found, at: Moment) -> LimitsPage:
    limits = [limit_line(one, found.today.get(one.person_id), at) for one in found.limits]
    held_back = answer(len(found.standing), sum(one.holds for one in limits), found.apart.standing)
    return LimitsPage(
        answer=f"{held_back} {found.notice}".strip(),
        apart=found.apart,
        spending=found.spending,
        blocked=[line(one, at) for one in found.standing],
        ended=[line(one, at) for one in found.ended],
        limits=limits,
    )


def answer(blocked: int, limited: int, apart: int) -> str:
    """The page's question answered: who is held back, and by what."""
    parts = [f"{words.counted(blocked, 'caller is', 'callers are')} blocked" if blocked else "nobody is blocked"]
    if limited:
        parts.append(f"with {words.counted(limited, 'person', 'people')} a daily limit is agreed")
    else:
        parts.append("everybody may call as often as they like")
    if apart:
        parts.append(f"{words.counted(apart, 'pair is', 'pairs are')} kept apart")
    return " ".join(f"{words.sentence(part)}." for part in parts)


def limit_line(limit: LimitRow, left: Allowance | None, at: Moment) -> LimitLine:
    holds = limit.ended_at is None
    return LimitLine(
        id=limit.id,
        who=limit.person,
        agreed=_agreed(limit),
        used=_used(left) if left is not None else f"Ended {at.on(limit.ended_at)}" if limit.ended_at else "",
        note=limit.note or "",
        decided=f"Agreed by {limit.email or 'a login that is gone'} {at.on(limit.agreed_at)}",
        holds=holds,
    )


def _agreed(limit: LimitRow) -> str:
    parts = []
    if limit.calls is not None:
        parts.append(words.counted(limit.calls, "call", "calls"))
    if limit.minutes is not None:
        parts.append(f"{limit.minutes} {'minute' if limit.minutes == 1 else 'minutes'}")
    return f"{' and '.join(parts)} a day"


def _used(left: Allowance) -> str:
    """Such as "today: 6 of 10 minutes, 1 of 3 calls"."""
    parts = []
    if left.minutes is not None:
        parts.append(f"{int(left.seconds_used // MINUTE_SECONDS)} of {left.minutes} min")
    if left.calls is not None:
        parts.append(f"{left.calls_used} of {left.calls} {'call' if left.calls == 1 else 'calls'}")
    return f"Today: {', '.join(parts)}" + (", used up" if left.is_used_up else "")


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
