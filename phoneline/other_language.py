"""Another of the line's languages, chosen by a key after the first words: whoever heard of the keys may be slow."""

from phoneline.documents.caller import language_keys
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.states import WINNABLE_CALL_STATES


def chosen(call: Call, key: str, live: LiveSettings) -> bool:
    """Whether `key` chose a language other than the call's; it is spoken from here on. Hold the call's row."""
    language = language_keys(live).get(key)
    if language in {None, call.language} or call.state not in WINNABLE_CALL_STATES:
        return False
    call.language = language
    return True
