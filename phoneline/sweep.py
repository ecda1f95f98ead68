"""What no callback told us: asked of the carrier; and requests that got lost, made again.

Every clock does both every second. The carrier is asked without holding a database connection.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from phoneline import calls, progress
from phoneline.carrier import CarrierError, LegReport
from phoneline.carrier.statuses import Status
from phoneline.db import Job, after_commit
from phoneline.line import Line
from phoneline.models import CALL_IS_LIVE, LEG_IS_LIVE, Call, Leg, Offer
from phoneline.states import Direction, LegEnd, LegState

ASK_AGAIN_SECONDS = 12
UNKNOWN_ASK_SECONDS = 5
NOT_THERE_SECONDS = 12
"""So long the carrier must say, asked again and again, that it knows nothing of a leg before we take it for over."""
NOT_THERE_AGAIN_SECONDS = 4
NEVER_MADE_SECONDS = 60
"""A dial of which the carrier's records show nothing by then made no call: its own limit is half of that."""
NUDGE_AGAIN_SECONDS = 4
CLOCKS_APART = timedelta(seconds=5)
AT_ONCE = 16
MOST = 100

log = structlog.get_logger()


def sweep(line: Line) -> None:
    """One round over everything that is overdue a word."""
    with line.database.reading() as session:
        if not session.scalar(select(_is_anything_due(line.now))):
            return
    with line.database.transaction() as session:
        call_ids = _claim_calls(session, line.now)
        leg_ids = _claim_legs(session, line.now)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        asked: list[tuple[Callable[[Line, str], None], str]] = [(_ask_about_call, one) for one in call_ids]
        asked += [(_ask_about_leg, one) for one in leg_ids]
        for done in [threads.submit(_careful, line, ask, one) for ask, one in asked]:
            done.result()


def _careful(line: Line, ask: Callable[[Line, str], None], row_id: str) -> None:
    """One row's trouble holds up no other: it was pushed forward when it was claimed."""
    try:
        ask(line, row_id)
    except CarrierError as error:
        log.warning("carrier_not_asked", id=row_id, reason=str(error))
    except Exception:
        log.exception("sweep_failed", id=row_id)


def is_nudge_due(now: datetime) -> ColumnElement[bool]:
    """Whether `nudge_again` has something to do."""
    calls_due = select(Call.id).where(Call.nudge_at <= now, CALL_IS_LIVE)
    offers_due = select(Offer.id).where(Offer.nudge_at <= now, Offer.released_at.is_(None))
    return or_(calls_due.exists(), offers_due.exists())


def nudge_again(session: Session, now: datetime) -> None:
    """Redirect again whoever should have asked by now what comes next."""
    later = now + timedelta(seconds=NUDGE_AGAIN_SECONDS)
    for call in session.scalars(
        select(Call)
        .where(Call.nudge_at <= now, CALL_IS_LIVE)
        .limit(MOST)
        .with_for_update(skip_locked=True, of=Call, key_share=True)
    ):
        call.nudge_at = later
        after_commit(session, Job("nudge_call", call.id))
    for offer in session.scalars(
        select(Offer)
        .where(Offer.nudge_at <= now, Offer.released_at.is_(None))
        .limit(MOST)
        .with_for_update(skip_locked=True, of=Offer, key_share=True)
    ):
        offer.nudge_at = later
        after_commit(session, Job("nudge_volunteer", offer.id))


def _is_anything_due(now: datetime) -> ColumnElement[bool]:
    calls_due = select(Call.id).where(Call.check_at <= now, CALL_IS_LIVE)
    legs_due = select(Leg.id).where(Leg.check_at <= now, LEG_IS_LIVE)
    return or_(calls_due.exists(), legs_due.exists())


def _claim_calls(session: Session, now: datetime) -> Sequence[str]:
    due = session.scalars(
        select(Call)
        .where(Call.check_at <= now, CALL_IS_LIVE, Call.direction == Direction.INBOUND)
        .order_by(Call.check_at)
        .limit(MOST)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    for call in due:
        call.check_at = now + timedelta(seconds=ASK_AGAIN_SECONDS)
    return [call.id for call in due]


def _claim_legs(session: Session, now: datetime) -> Sequence[str]:
    due = session.scalars(
        select(Leg)
        .where(Leg.check_at <= now, LEG_IS_LIVE)
        .order_by(Leg.check_at)
        .limit(MOST)
        .with_for_update(skip_locked=True, of=Leg, key_share=True)
    ).all()
    for leg in due:
        unknown = leg.state is LegState.UNKNOWN
        leg.check_at = now + timedelta(seconds=UNKNOWN_ASK_SECONDS if unknown else ASK_AGAIN_SECONDS)
    return [leg.id for leg in due]


def _ask_about_call(line: Line, call_id: str) -> None:
    with line.database.reading() as session:
        call = session.get_one(Call, call_id)
    report = line.carrier.report(call.carrier_sid) if call.carrier_sid else None
    if _says_nothing_yet(line, call, report) or (report is not None and report.live):
        return
    live, now = line.live, line.now
    ended_at = (report.ended_at if report else None) or now
    how = (report.end if report else None) or LegEnd.FAILED
    line.database.run(lambda session: calls.end(session, calls.by_id(session, call_id), ended_at, live, now, how))
    log.info("call_closed_by_sweep", call=call_id)


def _says_nothing_yet(line: Line, row: Call | Leg, report: LegReport | None) -> bool:
    """Whether the carrier knows nothing of the leg, and not for long: people may be talking on it all the same."""
    now, since = line.now, row.not_there_at
    if report is not None:
        if since is not None:
            _note_not_there(line, row, None, row.check_at)
        return False
    if since is not None and now >= since + timedelta(seconds=NOT_THERE_SECONDS):
        return False
    _note_not_there(line, row, since or now, now + timedelta(seconds=NOT_THERE_AGAIN_SECONDS))
    return True


def _note_not_there(line: Line, row: Call | Leg, since: datetime | None, check_at: datetime) -> None:
    with line.database.transaction() as session:
        found: Call | Leg = session.get_one(Call, row.id) if isinstance(row, Call) else session.get_one(Leg, row.id)
        found.not_there_at, found.check_at = since, check_at


def _ask_about_leg(line: Line, leg_id: str) -> None:
    with line.database.reading() as session:
        leg = session.get_one(Leg, leg_id)
    match leg.state:
        case LegState.PENDING:
            _change(line, leg_id, lambda session, row: progress.refused(session, row, line.live, line.now))
        case LegState.DIALLING:
            _change(line, leg_id, lambda session, row: progress.unclear(session, row, line.now))
        case LegState.UNKNOWN:
            _look_up(line, leg)
        case LegState.PLACED if leg.carrier_sid is not None:
            report = line.carrier.report(leg.carrier_sid)
            if not _says_nothing_yet(line, leg, report):
                _follow(line, leg, report)
        case _:
            return


def _change(line: Line, leg_id: str, change: Callable[[Session, Leg], None]) -> None:
    line.database.run(lambda session: change(session, session.get_one(Leg, leg_id)))


def _follow(line: Line, leg: Leg, report: LegReport | None) -> None:
    """Close a leg that the carrier calls over; end again one that was to have ended."""
    if report is not None and report.live:
        if leg.end_wanted_at is not None:
            line.carrier.end(report.sid)
        return
    end = (report.end if report else None) or LegEnd.FAILED
    ended_at = (report.ended_at if report else None) or line.now
    word = Status(live=False, answered=report is not None and report.answered, end=end)
    _change(line, leg.id, lambda session, row: progress.status(session, row, word, line.live, ended_at, line.now))
    log.info("leg_closed_by_sweep", leg=leg.id)


def _look_up(line: Line, leg: Leg) -> None:
    """Whether a dial of which we know nothing made a call after all. It is never made again."""
    dialled_at = leg.dialled_at or leg.created_at
    found = _unclaimed(line, line.carrier.legs_to(leg.number), dialled_at)
    if found is not None:
        _change(line, leg.id, lambda session, row: _adopt(session, row, found.sid, line))
        _follow(line, leg, found)
    elif line.now >= dialled_at + timedelta(seconds=NEVER_MADE_SECONDS):
        _change(line, leg.id, lambda session, row: progress.refused(session, row, line.live, line.now))


def _adopt(session: Session, leg: Leg, sid: str, line: Line) -> None:
    progress.heard_of(session, leg, sid, line.now)
    if leg.end_wanted_at is not None:
        after_commit(session, Job("end_leg", leg.id))


def _unclaimed(line: Line, reports: Sequence[LegReport], dialled_at: datetime) -> LegReport | None:
    """The carrier's call that must be the one we dialled: made since then, and no other leg's."""
    since = dialled_at.replace(microsecond=0) - CLOCKS_APART
    made_since = [report for report in reports if report.created_at is None or report.created_at >= since]
    with line.database.reading() as session:
        taken = set(
            session.scalars(select(Leg.carrier_sid).where(Leg.carrier_sid.in_([report.sid for report in made_since])))
        )
    free = [report for report in made_since if report.sid not in taken]
    return free[-1] if free else None
