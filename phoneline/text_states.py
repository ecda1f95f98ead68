"""The words of what arriving texts mean."""

from enum import StrEnum


class TextMeaning(StrEnum):
    """What a text that arrived was taken for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    DANGER = "danger"
    ON = "on"
    OFF = "off"
    OK = "ok"
    YES = "yes"
    NO = "no"
    GIVE = "give"
    """A volunteer gives their next shift away."""
    WORDS = "words"
    """Anything else: somebody reads it."""
