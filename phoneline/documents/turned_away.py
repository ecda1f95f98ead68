"""What a caller hears who is not put through. Never why: somebody else may be listening."""

from phoneline.models import Call
from phoneline.prompts import say
from phoneline.steps import Document, HangUp, Pause


def blocked(call: Call) -> Document:
    """A neutral sentence, then the crisis numbers, twice, to be written down."""
    numbers = say("crisis_numbers", call.language)
    return (say("blocked", call.language), numbers, Pause(1), numbers, HangUp())
