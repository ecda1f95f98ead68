"""The words of the log of settings: what was changed, and from where."""

from enum import StrEnum


class SettingKind(StrEnum):
    """What a change is about; its `key` says which one."""

    SETTING = "setting"
    """A live setting, by its name."""
    WORDS = "words"
    """The words of a prompt in a language."""
    RECORDING = "recording"
    """Which recording of a prompt is played in a language, by its version; none: the words."""
    BLOCK = "block"
    LIMIT = "limit"
    """A daily limit that was agreed with somebody."""
    APART = "apart"
    """Two people kept apart."""


class ChangeSource(StrEnum):
    """From where."""

    PAGE = "page"
    COMMAND = "command"
    """The command line."""
    TELEPHONE = "telephone"
