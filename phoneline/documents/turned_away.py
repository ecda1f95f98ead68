"""What a caller hears who is not put through. Never why: somebody else may be listening."""

from phoneline.documents import crisis
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.prompts import say
from phoneline.steps import Document, HangUp, Pause


def blocked(call: Call, live: LiveSettings) -> Document:
    """A neutral sentence, then the crisis numbers, twice, to be written down."""
    numbers = crisis.numbers(live, call.number, call.language)
    return (say("blocked", call.language), numbers, Pause(1), numbers, HangUp())
