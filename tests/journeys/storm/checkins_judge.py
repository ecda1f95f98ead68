"""What must have held of all check-ins of a storm, judged by the telephone network's own journal and by the exports."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from phoneline.simulator import Event
from tests.journeys.storm.checkins_plan import Peer
from tests.journeys.storm.judge import _words

OK_WORDS = _words("checkin_ok")
STOP_WORDS = _words("checkin_stop", "checkin_stopped")
TEXTS = "/webhooks/sms"
WINDOW_SECONDS = 10
FINAL = frozenset({"ok", "talked", "unreached", "expired", "stopped", "skipped"})
USES_UP = frozenset({"no_key", "machine", "no_answer", "busy", "failed", "later"})
NEVER_OK = frozenset({"nobody", "busy", "machine", "silent", "child", "refused", "failed", "later", "stop"})


@dataclass(frozen=True)
class Rules:
    """What the line had promised, and what it may take on a busy machine."""

    attempts: int
    grace: float
    calls_per_second: float
    late: float
    """Seconds of the line by which a call may go out beside its turn."""
    slack: float
    """And by which what is under way may outlast a change of mind."""


@dataclass(frozen=True)
class Course:
    """One check-in: whose, as the export has it, and their telephone's calls from the line."""

    number: str
    peer: Peer
    row: Mapping[str, Any]
    legs: Sequence[Sequence[Event]]
    settled_at: float | None
    """In the network's seconds."""
    texted_at: float | None
    has_task: bool

    @property
    def state(self) -> str:
        return str(self.row["state"])


def courses(
    events: Sequence[Event],
    peers: Mapping[str, Peer],
    rows: Mapping[str, Mapping[str, Any]],
    tasks: Mapping[str, bool],
    at_network: Callable[[datetime], float],
) -> list[Course]:
    """By each peer's number: how they behave, their check-in's row, whether somebody has a task for them."""
    legs: dict[str, dict[str, list[Event]]] = {number: defaultdict(list) for number in peers}
    texted: dict[str, float] = {}
    heard: dict[str, float] = {}
    for event in events:
        if event.number in legs and event.leg_sid:
            legs[event.number][event.leg_sid].append(event)
        elif event.kind == "text_sent":
            texted.setdefault(event.number, event.at)
        elif event.kind == "webhook_answered" and event.detail["path"] == TEXTS:
            heard.setdefault(event.number, event.at)
    return [
        Course(
            number,
            peer,
            rows[number],
            list(legs[number].values()),
            _settled_at(rows[number], heard.get(number), at_network),
            texted.get(number),
            tasks[number],
        )
        for number, peer in peers.items()
    ]


def _settled_at(row: Mapping[str, Any], heard: float | None, at_network: Callable[[datetime], float]) -> float | None:
    """A text counts from when it came; whoever dials can't know of it before its request is done."""
    if row["settled_by"] == "sms":
        return heard
    return at_network(datetime.fromisoformat(row["settled_at"])) if row["settled_at"] else None


def complaints(found: Sequence[Course], turns: Sequence[float], rules: Rules) -> list[str]:
    """What did not hold; empty is what is wanted. `turns`: when the line's calls went out, by its own rows."""
    told = [f"{one.number} ({one.peer.kind}, {one.state}): {what}" for one in found for what in _of_one(one, rules)]
    sids = Counter(sid for one in found for attempt in one.row["attempts"] if (sid := attempt["carrier_sid"]))
    told += [f"{sid} is the leg of {times} attempts" for sid, times in sids.items() if times > 1]
    return [*told, *_above(turns, rules)]


def _of_one(one: Course, rules: Rules) -> Iterator[str]:
    yield from _ended_right(one, rules)
    created = [leg[0].leg_sid for leg in one.legs]
    named = {attempt["carrier_sid"] for attempt in one.row["attempts"]}
    # One that a dead process began to dial and never did has no id.
    yield from (f"was rung by {sid}, of which no attempt knows" for sid in created if sid not in named)
    yield from (f"an attempt says {sid}, which never was" for sid in named - set(created) - {None})
    yield from _alone(one)
    if any(attempt["result"] in {None, "unknown"} for attempt in one.row["attempts"]):
        yield "an attempt is left open"
    over = one.settled_at if one.state in {"ok", "talked"} else _heard(one, STOP_WORDS)
    if over is not None:
        yield from (f"was rung again at {leg[0].at:.1f}" for leg in one.legs if leg[0].at > over + rules.slack)


def _ended_right(one: Course, rules: Rules) -> Iterator[str]:
    """The end is one that the telephone's own story allows."""
    gave_up = one.state in {"unreached", "expired"}
    tried = sum(attempt["result"] in USES_UP for attempt in one.row["attempts"])
    due = datetime.fromisoformat(one.row["due_at"])
    first = [datetime.fromisoformat(attempt["at"]) for attempt in one.row["attempts"]][:1]
    holds = {
        "was lost": one.state in FINAL,
        "had no reason to end like this": one.state not in {"skipped", "talked"},
        "is nobody's task": one.has_task or not gave_up,
        "was tried too few times": tried >= rules.attempts or one.state != "unreached",
        "was first rung when it was too late": all((at - due).total_seconds() <= rules.grace for at in first),
    }
    return (what for what, held in {**holds, **_own_word(one)}.items() if not held)


def _own_word(one: Course) -> Mapping[str, bool]:
    """Whoever said something is believed, and nobody is said to have who didn't."""
    by = one.row["settled_by"]
    return {
        "said that they are OK": _heard(one, OK_WORDS) is None or one.state == "ok",
        "said stop": _heard(one, STOP_WORDS) is None or one.state == "stopped",
        "never said that they are OK": by != "keypad" or any(_keys(leg).count("1") > 1 for leg in one.legs),
        "sent no text that counts": by != "sms" or (one.texted_at is not None and not one.peer.safety),
        "can't have said that they are OK": one.state != "ok" or one.peer.kind not in NEVER_OK,
        "never said stop": one.state != "stopped" or any("9" in _keys(leg) for leg in one.legs),
    }


def _alone(one: Course) -> Iterator[str]:
    """Never two legs at once."""
    until = float("-inf")
    for leg in sorted(one.legs, key=lambda leg: leg[0].at):
        if leg[0].at < until:
            yield f"was rung at {leg[0].at:.1f} with a leg there already"
        until = max(until, next((event.at for event in leg if event.kind == "leg_ended"), float("inf")))


def _heard(one: Course, words: Sequence[str]) -> float | None:
    return next(
        (
            event.at
            for leg in one.legs
            for event in leg
            if event.kind == "said" and any(word in event.detail["text"] for word in words)
        ),
        None,
    )


def _keys(leg: Sequence[Event]) -> list[str]:
    return [event.detail["key"] for event in leg if event.kind == "digits"]


def _above(turns: Sequence[float], rules: Rules) -> list[str]:
    """Windows long enough that what a busy machine is late by matters little."""
    most = ceil(rules.calls_per_second * WINDOW_SECONDS)
    window = most / rules.calls_per_second - rules.late
    found = sorted(turns)
    return [
        f"{most + 1} calls within {after - before:.2f} s at {before:.1f}"
        for before, after in zip(found, found[most:], strict=False)
        if after - before < window
    ]
