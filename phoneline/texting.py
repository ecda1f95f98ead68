"""Sending a text: claimed in one commit, asked of the carrier once, and what came of it written down in another.

No database connection is held while the carrier is asked.
"""

import structlog
from sqlalchemy.orm import Session

from phoneline import texts
from phoneline.carrier import BusyError, CarrierError, RefusedError, TextMessage
from phoneline.line import Line

log = structlog.get_logger()


def send(line: Line, text_id: str) -> None:
    """Send the text, unless another process has it or it is not to be sent any more."""
    now = line.now
    with line.database.transaction() as session:
        text = texts.begin_sending(session, text_id, now)
    if text is None:
        return
    url = f"{line.settings.public_url}/webhooks/texts/{text.token}/status"
    sid, failure = "", None
    try:
        sid = line.carrier.send_text(TextMessage(text.number, text.body, url))
    except CarrierError as error:
        log.warning("text_failed", text=text_id, kind=type(error).__name__, reason=str(error))
        failure = error
    # Should this fail, the text stays `sending` and the clock calls it unknown: it is never sent again.
    line.database.run(lambda session: _write_down(session, text_id, sid, failure, line))


def _write_down(session: Session, text_id: str, sid: str, failure: CarrierError | None, line: Line) -> None:
    match failure:
        case None:
            texts.sent(session, text_id, sid)
        case RefusedError(code=code):
            texts.refused(session, text_id, str(code or ""), line.now)
        case BusyError():
            texts.not_reached(session, text_id, line.now)
        case _:
            texts.unclear(session, text_id)
