"""By telephone a prompt is chosen by its number: it follows from the prompt's key, so it never changes."""

from functools import cache
from zlib import crc32

from phoneline.recordings import recordable

_NUMBERS = 90_000
_FIRST = 10_000


def number_of(prompt: str) -> int:
    """Five digits; different for all prompts that may be recorded (a test holds that)."""
    return _FIRST + crc32(prompt.encode()) % _NUMBERS


def prompt_of(digits: str) -> str | None:
    """The prompt that may be recorded and has that number."""
    return _by_number().get(digits)


@cache
def _by_number() -> dict[str, str]:
    return {str(number_of(prompt)): prompt for prompt in recordable()}
