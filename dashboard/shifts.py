"""Who is on and who comes next. Pure: the hours ahead are an argument."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Span:
    """Hours in which somebody may be rung; half-open."""

    person_id: str
    name: str
    tier: int
    starts_at: datetime
    ends_at: datetime


def joined(spans: Sequence[Span]) -> Sequence[Span]:
    """Hours of one person that meet or overlap become one stretch, in order of beginning."""
    found: list[Span] = []
    last: dict[tuple[str, int], int] = {}
    for span in sorted(spans, key=lambda one: one.starts_at):
        key = (span.person_id, span.tier)
        index = last.get(key)
        if index is not None and span.starts_at <= found[index].ends_at:
            found[index] = replace(found[index], ends_at=max(found[index].ends_at, span.ends_at))
        else:
            last[key] = len(found)
            found.append(span)
    return found


def on_now(spans: Sequence[Span], now: datetime) -> Sequence[Span]:
    """Each person who is on, once, with their best tier."""
    best: dict[str, Span] = {}
    for span in sorted(spans, key=lambda one: one.tier):
        if span.starts_at <= now < span.ends_at:
            best.setdefault(span.person_id, span)
    return list(best.values())


def next_on(spans: Sequence[Span], now: datetime) -> Sequence[Span]:
    """Whoever begins at the next beginning."""
    later = [span for span in spans if span.starts_at > now]
    first = min((span.starts_at for span in later), default=None)
    return [span for span in later if span.starts_at == first]
