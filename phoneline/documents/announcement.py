"""What is said into a conversation while the two talk on. Words only: nothing else may stand in it."""

from phoneline.models import Call
from phoneline.prompts import say
from phoneline.steps import Document


def time_nearly_used_up(call: Call) -> Document:
    return (say("limit_nearly_used_up", call.language),)
