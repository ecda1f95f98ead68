"""What must have held in a storm, judged by the telephone network's own journal and by the exports."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from phoneline.live_settings import LANGUAGES
from phoneline.prompts import catalogue
from phoneline.simulator import Event


def _words(*keys: str) -> Sequence[str]:
    """The first sentence that never changes of each of these prompts, in every language."""
    sentences = [catalogue(language)[key].split(". ") for language in LANGUAGES for key in keys]
    return [next(one for one in said if "{" not in one) for said in sentences]


PROMISED_WORDS = _words("callback_promised", "callback_promised_keyed")
CHOICE_WORDS = [*_words("choices", "choices_nobody", "recorder", "left"), *PROMISED_WORDS]
RIGHT_TO_SECONDS = 3.0
"""Talk and wait in the log, beside what the network saw: notices are late by up to so much of the line's time."""
LATE_SECONDS = 10.0
RINGS_ON_SECONDS = 5.0
"""A volunteer's telephone rings on for at most so long when nobody waits any more."""

BEGINS_TO_WAIT = frozenset({"leg_created", "conference_left"})
WAITS_NO_MORE = frozenset({"conference_joined", "recording_started", "leg_ended"})


@dataclass(frozen=True)
class Seen:
    """One caller's leg as the network saw it. Instants are the network's seconds."""

    sid: str
    began: float
    ended: float
    joined: float | None
    """When a volunteer and the caller were first together."""
    choice: float | None
    """When the choices were first spoken, or a way out taken."""
    recorded: bool
    promised: bool
    unanswered: bool
    """They hung up while the line was still answering: it can't know whether they heard."""

    @property
    def waited(self) -> float:
        return min(at for at in (self.joined, self.choice, self.ended) if at is not None) - self.began


def complaints(
    events: Sequence[Event],
    calls: Sequence[Mapping[str, Any]],
    *,
    cap: float,
    slack: float,
    volunteers: Collection[str],
) -> list[str]:
    """What did not hold; empty is what is wanted. `slack`: seconds of the network that a busy machine may take."""
    callers = [_seen(events, event) for event in events if event.kind == "leg_created" and _inbound(event)]
    return [
        *_waits(callers, cap + LATE_SECONDS + slack),
        *_rung_while_on_the_line(events, volunteers),
        *_rooms(events, volunteers),
        *_legs_that_live_on(events),
        *_rung_for_nobody(events, volunteers, RINGS_ON_SECONDS + slack),
        *_log(callers, calls),
    ]


def _inbound(event: Event) -> bool:
    return bool(event.detail["direction"] == "inbound")


def _seen(events: Sequence[Event], created: Event) -> Seen:
    own = [event for event in events if event.leg_sid == created.leg_sid]

    def first(*kinds: str, words: Sequence[str] = ("",)) -> float | None:
        return next(
            (e.at for e in own if e.kind in kinds and any(one in e.detail.get("text", "") for one in words)), None
        )

    return Seen(
        sid=created.leg_sid,
        began=created.at,
        ended=next((event.at for event in own if event.kind == "leg_ended"), float("inf")),
        joined=_joined(events, created.leg_sid),
        choice=first("said", words=CHOICE_WORDS),
        recorded=first("recording_started") is not None,
        promised=first("said", words=PROMISED_WORDS) is not None,
        unanswered=_unanswered(own),
    )


def _unanswered(own: Sequence[Event]) -> bool:
    """Whether the leg ended between a request for its next document and the answer."""
    pending = False
    for event in own:
        if event.kind == "leg_ended":
            return pending
        if event.kind == "webhook_sent":
            pending = pending or bool(event.detail["synchronous"])
        elif event.kind == "webhook_answered":
            pending = False
    return False


def _joined(events: Sequence[Event], sid: str) -> float | None:
    """When the caller was first in a room with somebody."""
    rooms: dict[str, set[str]] = {}
    for event in events:
        if event.kind not in {"conference_joined", "conference_left"}:
            continue
        room = rooms.setdefault(event.detail["name"], set())
        if event.kind == "conference_joined":
            room.add(event.leg_sid)
            if sid in room and len(room) > 1:
                return event.at
        else:
            room.discard(event.leg_sid)
    return None


def _waits(callers: Sequence[Seen], most: float) -> list[str]:
    return [f"{one.sid} waited {one.waited:.1f} s, {most:.1f} at most" for one in callers if one.waited > most]


def _rung_while_on_the_line(events: Sequence[Event], volunteers: Collection[str]) -> list[str]:
    """No volunteer is rung while another leg of theirs is there: ringing, talking or being asked how it was."""
    live: dict[str, set[str]] = {number: set() for number in volunteers}
    found = []
    for event in events:
        legs = live.get(event.number)
        if legs is None:
            continue
        if event.kind == "leg_created":
            if legs:
                found.append(f"{event.number} was rung at {event.at:.1f} with a leg there already")
            legs.add(event.leg_sid)
        elif event.kind == "leg_ended":
            legs.discard(event.leg_sid)
    return found


def _rooms(events: Sequence[Event], volunteers: Collection[str]) -> list[str]:
    """At most one volunteer is in a room."""
    rooms: dict[str, set[str]] = {}
    found = []
    for event in events:
        if event.number not in volunteers:
            continue
        if event.kind == "conference_joined":
            room = rooms.setdefault(event.detail["name"], set())
            room.add(event.leg_sid)
            if len(room) > 1:
                found.append(f"{len(room)} volunteers were in a room at {event.at:.1f}")
        elif event.kind == "conference_left":
            rooms.setdefault(event.detail["name"], set()).discard(event.leg_sid)
    return found


def _legs_that_live_on(events: Sequence[Event]) -> list[str]:
    ended = {event.leg_sid for event in events if event.kind == "leg_ended"}
    created = [event for event in events if event.kind == "leg_created"]
    return [f"the leg {one.leg_sid} to {one.number} lives on" for one in created if one.leg_sid not in ended]


def _rung_for_nobody(events: Sequence[Event], volunteers: Collection[str], most: float) -> list[str]:
    """Whoever lost, and whoever rings for a caller who has gone, is soon left in peace."""
    waiting: set[str] = set()
    over: set[str] = set()
    ringing: dict[str, float] = {}
    asked_back, nobody_for, before = False, 0.0, 0.0
    found = []
    for event in events:
        nobody_for += 0.0 if waiting or asked_back else event.at - before
        before = event.at
        if event.number not in volunteers:
            asked_back = asked_back or any(one in event.detail.get("text", "") for one in PROMISED_WORDS)
            # A leg leaves its room because it has ended, or to wait for somebody else.
            over |= {event.leg_sid} if event.kind == "leg_ended" else set()
            if event.kind in WAITS_NO_MORE:
                waiting.discard(event.leg_sid)
            elif event.kind in BEGINS_TO_WAIT and event.leg_sid not in over:
                waiting.add(event.leg_sid)
        elif event.kind == "leg_ringing":
            ringing[event.leg_sid] = nobody_for
        elif event.kind in {"leg_answered", "leg_ended"} and event.leg_sid in ringing:
            in_vain = nobody_for - ringing.pop(event.leg_sid)
            if in_vain > most:
                found.append(f"{event.number} rang for nobody for {in_vain:.1f} s until {event.at:.1f}")
    return found


def _log(callers: Sequence[Seen], calls: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each call is in the log once, ended, with the outcome that the network saw."""
    inbound = [row for row in calls if row["direction"] == "inbound"]
    rows = {row["carrier_sid"]: row for row in inbound}
    times = Counter(row["carrier_sid"] for row in inbound)
    found = [f"{sid} is in the log {count} times" for sid, count in times.items() if count > 1]
    for one in callers:
        row = rows.get(one.sid)
        if row is None:
            # Who hangs up before the line was asked leaves nothing behind.
            found += [f"{one.sid} is not in the log"] if one.ended - one.began > LATE_SECONDS else []
        elif row["outcome"] not in _outcomes(one):
            found.append(
                f"{one.sid} is {row['outcome']} in the log; the network saw {' or '.join(sorted(_outcomes(one)))}"
            )
        elif one.joined is None and row["talk_seconds"] and not one.unanswered:
            found.append(f"{one.sid} talked for {row['talk_seconds']} s with nobody")
        elif one.joined is not None and (row["answered_at"] is None or row["volunteer_id"] is None):
            found.append(f"{one.sid} was joined, and the log has no volunteer")
        if row is not None and row["ended_at"] is None:
            found.append(f"{one.sid} has not ended in the log")
    return found


def _outcomes(one: Seen) -> set[str]:
    if one.joined is not None:
        return {"connected"}
    if one.recorded:
        return {"voicemail"}
    if one.promised:
        return {"callback"}
    # On the way to the recorder as they hung up: they had chosen, and said nothing.
    on_the_way = {"voicemail"} if one.choice is not None else set()
    return {"abandoned"} | on_the_way | ({"connected"} if one.unanswered else set())
