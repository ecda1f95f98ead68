"""Who is blocked, limited or kept apart, in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.apart_view import ApartView
from dashboard.queries_limits import BlockRow, LimitRow
from dashboard.spending_view import SpendingView
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from dashboard.tongue import ngettext
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
    parts = []
    if blocked:
        number = words.number(blocked)
        parts.append(
            ngettext("%(number)s caller is blocked.", "%(number)s callers are blocked.", blocked, number=number)
        )
    else:
        parts.append(_("Nobody is blocked."))
    if limited:
        parts.append(
            ngettext(
                "With %(number)s person a daily limit is agreed.",
                "With %(number)s people a daily limit is agreed.",
                limited,
                number=words.number(limited),
            )
        )
    else:
        parts.append(_("Everybody may call as often as they like."))
    if apart:
        number = words.number(apart)
        parts.append(
            ngettext("%(number)s pair is kept apart.", "%(number)s pairs are kept apart.", apart, number=number)
        )
    return " ".join(words.sentence(part) for part in parts)


def limit_line(limit: LimitRow, left: Allowance | None, at: Moment) -> LimitLine:
    holds = limit.ended_at is None
    return LimitLine(
        id=limit.id,
        who=limit.person,
        agreed=_agreed(limit),
        used=_used(left)
        if left is not None
        else _("Ended %(when)s", when=at.on(limit.ended_at))
        if limit.ended_at
        else "",
        note=limit.note or "",
        decided=_(
            "Agreed by %(who)s %(when)s.", who=limit.email or _("a login that is gone"), when=at.on(limit.agreed_at)
        ),
        holds=holds,
    )


def _agreed(limit: LimitRow) -> str:
    calls, minutes = _calls(limit.calls), _minutes(limit.minutes)
    if calls and minutes:
        return _("%(calls)s and %(minutes)s a day", calls=calls, minutes=minutes)
    return _("%(much)s a day", much=calls or minutes)


def _calls(count: int | None) -> str:
    if count is None:
        return ""
    return ngettext("%(number)s call", "%(number)s calls", count, number=words.number(count))


def _minutes(count: int | None) -> str:
    return "" if count is None else ngettext("%(number)s minute", "%(number)s minutes", count, number=count)


def _used(left: Allowance) -> str:
    """Such as "Today: 6 of 10 min, 1 of 3 calls"."""
    parts = []
    if left.minutes is not None:
        used = int(left.seconds_used // MINUTE_SECONDS)
        parts.append(_("%(used)s of %(agreed)s min", used=used, agreed=left.minutes))
    if left.calls is not None:
        parts.append(
            ngettext(
                "%(used)s of %(agreed)s call",
                "%(used)s of %(agreed)s calls",
                left.calls,
                used=left.calls_used,
                agreed=left.calls,
            )
        )
    much = ", ".join(parts)
    return _("Today: %(much)s, used up", much=much) if left.is_used_up else _("Today: %(much)s", much=much)


def line(block: BlockRow, at: Moment) -> BlockLine:
    lifted = block.lifted_at is not None and (block.ends_at is None or block.lifted_at < block.ends_at)
    return BlockLine(
        id=block.id,
        who=who(block),
        until=_until(block, at),
        reason=block.reason,
        decided=_(
            "Decided by %(who)s %(when)s.", who=block.email or _("a login that is gone"), when=at.on(block.created_at)
        ),
        contact_id=block.contact_id or "",
        may_return=lifted and (block.ends_at is None or block.ends_at > at.now),
    )


def who(block: BlockRow) -> str:
    if block.person:
        return block.person
    return _("A number that ends in %(digits)s", digits=block.number[-2:]) if block.number else _("A number")


def _until(block: BlockRow, at: Moment) -> str:
    if block.lifted_at is not None and (block.ends_at is None or block.lifted_at < block.ends_at):
        return _("lifted %(when)s", when=at.on(block.lifted_at))
    if block.ends_at is None:
        return _("until somebody lifts it")
    if block.ends_at <= at.now:
        return _("ended %(when)s", when=at.on(block.ends_at))
    return _("until %(when)s", when=at.moment(block.ends_at))
