"""Fetches prompts spoken in by telephone, and has them deleted at the carrier's. The clock does it, on its own thread.

As with messages, no database connection is held while the carrier is asked, and every step may be done twice.
"""

import structlog

from phoneline import takes
from phoneline.carrier import CarrierError
from phoneline.fetching import seen_gone
from phoneline.line import Line
from phoneline.takes import MOST_LOOKS, Task

log = structlog.get_logger()


def fetch_due(line: Line) -> None:
    """One round over all takes that have something left to do."""
    with line.database.reading() as session:
        if not takes.anything_due(session, line.now):
            return
    for task in line.database.run(lambda session: takes.claim(session, line.now)):
        try:
            _see_to(line, task)
        except CarrierError as error:
            log.warning("take_not_fetched_yet", take=task.id, tries=task.tries, reason=str(error))
        except Exception:
            log.exception("fetching_take_failed", take=task.id)


def _see_to(line: Line, task: Task) -> None:
    sids = {task.sid} if task.sid else _untold(line, task)
    if task.wanted and not _taken_in(line, task, sids):
        return
    if task.over:
        # Whatever else was recorded on the call is of no use to anybody.
        sids |= _untold(line, task)
    if not sids and task.tries < MOST_LOOKS:
        return
    if not seen_gone(line, sids):
        log.warning("take_not_deleted_yet", take=task.id, tries=task.tries)
        return
    now = line.now
    line.database.run(lambda session: takes.deleted(session, task, now))
    log.info("take_deleted_at_carrier", take=task.id)


def _untold(line: Line, task: Task) -> set[str]:
    """Recordings of the call that the carrier has and that are nobody else's: of one with a message, none."""
    if task.leaves_message:
        return set()
    listed = line.carrier.recordings.of_call(task.call_sid) if task.call_sid else []
    return {one.sid for one in listed} - task.other_sids


def _taken_in(line: Line, task: Task, sids: set[str]) -> bool:
    """Take in the one recording. False if that can't be done yet."""
    recordings = line.carrier.recordings
    if len(sids) != 1:
        return False
    (sid,) = sids
    report = recordings.report(sid)
    if report is None or report.in_the_making:
        return False
    sound = recordings.audio(sid, as_wav=True) if report.complete else None
    if report.complete and sound is None:
        return False
    line.database.run(lambda session: takes.arrived(session, task.id, sid, sound))
    log.info("take_fetched", take=task.id)
    return True
