"""Sending a leg that a machine has answered to the few words that are left there: one request, not made again.

Later the machine would have stopped recording.
"""

from phoneline import machine_messages
from phoneline.line import Line
from phoneline.models import Attempt


def leave(line: Line, attempt_id: str) -> None:
    """Nothing if a key was pressed in the meantime, or the leg is over."""
    with line.database.reading() as session:
        attempt = session.get_one(Attempt, attempt_id)
        call = attempt.call
        wanted = machine_messages.is_still_open(attempt)
    if wanted and call.carrier_sid is not None:
        line.carrier.redirect(call.carrier_sid, f"{line.settings.public_url}/webhooks/checkins/{call.token}/message")
