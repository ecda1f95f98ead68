"""Another of the line's languages, chosen by a key after the first words: whoever heard of the keys may be slow."""

from phoneline.documents.caller import language_keys
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.states import WINNABLE_CALL_STATES


def choose(call: Call, key: str, live: LiveSettings) -> bool:
    """Whether `key` chooses a language in this call: it is spoken from here on. Hold the call's row.

    Never for somebody whose language is known, as in the first words.
    """
    language = language_keys(live).get(key)
    known = call.person is not None and call.person.language is not None
    if language is None or known or call.state not in WINNABLE_CALL_STATES:
        return False
    call.language = language
    return True
