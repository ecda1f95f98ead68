"""What a cell may say: each function makes a value of a cell's text, or a ValueError that says what is accepted."""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from phoneline import settings
from phoneline.live_settings import LANGUAGES
from phoneline.states import Role

Word = TypeVar("Word", bound=StrEnum)

NONE = "none"
"""What empties a cell whose blank keeps what is there."""
_LONGEST_NAME = 200
_PIN = re.compile(r"[0-9]{4,8}")
_EARLIEST, _LATEST = 2000, 2100


def name(text: str) -> str:
    """A name on one line, with single spaces."""
    found = " ".join(text.split())
    if not found.isprintable():
        raise ValueError("has characters that can't be read aloud; type the name anew")
    if len(found) > _LONGEST_NAME:
        raise ValueError(f"is longer than {_LONGEST_NAME} characters; shorten it")
    return found


def phone(text: str) -> str:
    try:
        return settings.e164(text)
    except ValueError as error:
        raise ValueError(f"{error} (in a spreadsheet, format the column as text so that the + stays)") from error


def roles(text: str) -> frozenset[Role]:
    words = [part.strip().casefold() for part in text.split(";") if part.strip()]
    if not words or not all(word in set(Role) for word in words):
        raise ValueError(f"must be one or several of {';'.join(Role)}, separated by semicolons")
    return frozenset(Role(word) for word in words)


def skills(text: str) -> list[str]:
    """Each once, in the order given."""
    return list(dict.fromkeys(name(part) for part in text.split(";") if part.strip()))


def wishes(text: str) -> list[str]:
    """As `skills`; `none` for none at all."""
    return [] if text.casefold() == NONE else skills(text)


def languages(text: str) -> list[str]:
    """Each once, in the order given; `none` for none."""
    return list(dict.fromkeys(language(part) for part in wishes(text)))


def phones(text: str) -> list[str]:
    """Each once; `none` for none."""
    return list(dict.fromkeys(phone(part) for part in wishes(text)))


def language(text: str) -> str:
    if text.casefold() in LANGUAGES:
        return text.casefold()
    raise ValueError(f"must be one of {', '.join(LANGUAGES)}")


def timezone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("must be a time zone's name, such as America/Toronto") from error


def yes_or_no(text: str) -> bool:
    if text.casefold() in {"yes", "no"}:
        return text.casefold() == "yes"
    raise ValueError("must be yes or no")


def pin(text: str) -> str:
    if _PIN.fullmatch(text):
        return text
    raise ValueError("must be 4 to 8 digits (in a spreadsheet, format the column as text so that leading zeros stay)")


def local_time(text: str) -> datetime:
    """A wall-clock time without offset, in whole seconds: a fraction is dropped, as rules know none."""
    message = "must be a local time without offset, such as 2026-11-23T09:00"
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(message) from error
    if read.tzinfo is not None or len(text) <= len("2026-11-23"):
        raise ValueError(message)
    if not _EARLIEST <= read.year < _LATEST:
        raise ValueError(f"must lie between the years {_EARLIEST} and {_LATEST}")
    return read.replace(microsecond=0)


def rule(text: str) -> str:
    """An RRULE as it is compared and kept. Whether it can be followed depends on its start, so that is asked later."""
    bare = re.sub(r"^RRULE:", "", text.strip(), flags=re.IGNORECASE).rstrip(";")
    return bare if ":" in bare else bare.upper()


def tier(text: str) -> int:
    if text in {"1", "2"}:
        return int(text)
    raise ValueError("must be 1 (rung first) or 2 (backup)")


def word(kind: type[Word]) -> Callable[[str], Word]:
    """A reader for one of an enum's words."""

    def read(text: str) -> Word:
        try:
            return kind(text.casefold())
        except ValueError as error:
            raise ValueError(f"must be {' or '.join(kind)}") from error

    return read
