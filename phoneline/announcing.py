"""Having something said in a conversation: written down in one commit, asked of the carrier once, and what came of it.

No database connection is held while the carrier is asked. Whatever comes of it, the conversation goes on.
"""

import structlog

from phoneline import time_warnings
from phoneline.carrier import CarrierError, UnknownError
from phoneline.line import Line
from phoneline.states import WarningResult

log = structlog.get_logger()


def warn_of_time(line: Line, call_id: str) -> None:
    """Have the two hear that the agreed time is nearly used up, unless they were told or it isn't any more."""
    now, zone = line.now, line.settings.timezone
    wanted = line.database.run(lambda session: time_warnings.begin(session, call_id, zone, now))
    if wanted is None:
        return
    result = _announce(line, call_id, wanted)
    line.database.run(lambda session: time_warnings.settle(session, wanted.token, result))


def _announce(line: Line, call_id: str, wanted: time_warnings.Announcement) -> WarningResult:
    try:
        line.carrier.announce(wanted.room, f"{line.settings.public_url}/webhooks/announcements/{wanted.token}/words")
    except CarrierError as error:
        # Other engines may not know how to announce anything.
        log.warning("time_warning_not_said", call=call_id, kind=type(error).__name__, reason=str(error))
        return WarningResult.UNKNOWN if isinstance(error, UnknownError) else WarningResult.FAILED
    return WarningResult.TAKEN
