"""A caller who has used up what was agreed on for today: they can leave a message. Hold the call's row."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import calls
from phoneline.documents import turned_away as words
from phoneline.documents.caller import MOST_TRIES
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.states import CallState
from phoneline.steps import Document


def key(session: Session, call: Call, pressed: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """2 leaves a message; a wrong key gets the choice once more, then a kind end."""
    if call.state is CallState.USED_UP and pressed != "2":
        return words.message_or_goodbye(call, tries + 1) if tries < MOST_TRIES else words.until_tomorrow(call)
    return calls.leave_message(session, call, live, now)
