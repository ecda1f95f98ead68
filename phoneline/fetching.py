"""Fetches callers' messages from the carrier, and has them deleted there. The clock does it on a thread of its own.

No database connection is held while the carrier is asked. Every step may be done twice, or be lost and done later.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from phoneline import voicemails
from phoneline.carrier import CarrierError, RecordingReport
from phoneline.line import Line
from phoneline.states import VoicemailState
from phoneline.voicemails import SHORTEST_SECONDS, Task

AT_ONCE = 4
MOST_LOOKS = 6
"""So often we look for a recording that the carrier never told of: for some eight minutes."""

log = structlog.get_logger()


def fetch_due(line: Line) -> None:
    """One round over all messages that have something left to do."""
    with line.database.reading() as session:
        if not voicemails.anything_due(session, line.now):
            return
    tasks = line.database.run(lambda session: voicemails.claim(session, line.now))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(lambda task: _careful(line, task), tasks))


def _careful(line: Line, task: Task) -> None:
    """One message's trouble holds up no other: it was put off when it was claimed."""
    try:
        _see_to(line, task)
    except CarrierError as error:
        log.warning("message_not_fetched_yet", voicemail=task.id, tries=task.tries, reason=str(error))
    except Exception:
        log.exception("fetching_failed", voicemail=task.id)


def _see_to(line: Line, task: Task) -> None:
    found = _recordings(line, task)
    if task.state is not VoicemailState.AWAITED or _taken_in(line, task, found):
        _delete(line, task, {*task.recording_sids, *(one.sid for one in found)})


def _recordings(line: Line, task: Task) -> Sequence[RecordingReport]:
    """The message's recordings: usually one, more when the recorder was begun anew."""
    recordings = line.carrier.recordings
    listed = {one.sid: one for one in (recordings.of_call(task.call_sid) if task.call_sid else [])}
    for sid in task.other_sids:
        listed.pop(sid, None)
    told = [recordings.report(sid) for sid in task.recording_sids - listed.keys()]
    return [one for one in [*listed.values(), *told] if one is not None]


def _taken_in(line: Line, task: Task, found: Sequence[RecordingReport]) -> bool:
    """Take in the longest one. False if that can't be done yet, or there is nothing to take."""
    if any(one.in_the_making for one in found):
        return False
    if not found:
        if task.tries >= MOST_LOOKS:
            line.database.run(lambda session: voicemails.missing(session, task.id))
            log.info("message_missing", voicemail=task.id)
        return False
    best = max(found, key=_worth)
    seconds = best.seconds if best.complete else 0
    if seconds is not None and seconds < SHORTEST_SECONDS:
        line.database.run(lambda session: voicemails.too_short(session, task.id, best.sid, seconds))
        log.info("message_too_short", voicemail=task.id)
        return True
    audio = line.carrier.recordings.audio(best.sid)
    if audio is None:
        return False
    line.database.run(lambda session: voicemails.keep(session, task.id, best.sid, best.seconds, audio))
    log.info("message_kept", voicemail=task.id, bytes=len(audio.data))
    return True


def _worth(one: RecordingReport) -> tuple[bool, float]:
    """Complete ones first, then the longest; one of unknown length may be the longest."""
    return one.complete, float("inf") if one.seconds is None else one.seconds


def _delete(line: Line, task: Task, sids: set[str]) -> None:
    """Delete at the carrier's, and believe it only when it has no such recording any more."""
    if not seen_gone(line, sids):
        log.warning("message_not_deleted_yet", voicemail=task.id, tries=task.tries)
        return
    now = line.now
    line.database.run(lambda session: voicemails.deleted(session, task.id, now))
    log.info("message_deleted_at_carrier", voicemail=task.id)


def seen_gone(line: Line, sids: Iterable[str]) -> bool:
    """Have recordings deleted at the carrier's. True if it was then seen to have none of them any more."""
    recordings, all_sids = line.carrier.recordings, list(sids)
    for sid in all_sids:
        recordings.delete(sid)
    return all(recordings.report(sid) is None for sid in all_sids)
