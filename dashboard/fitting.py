"""A sentence that was made up elsewhere, in English, said again in the viewer's language. Pure."""

import re
from collections.abc import Iterable
from functools import cache

from dashboard.tongue import gettext as _

_GAP = re.compile(r"%\((\w+)\)s")


def said_again(text: str, sentences: Iterable[str]) -> str:
    """By the first of the marked `sentences` that it fits, with what stands in its gaps; itself if it fits none."""
    for marked in sentences:
        if found := _pattern(marked).fullmatch(text):
            return _(marked, **found.groupdict())
    return text


@cache
def _pattern(marked: str) -> re.Pattern[str]:
    parts = _GAP.split(marked)
    return re.compile("".join(f"(?P<{one}>.+)" if at % 2 else re.escape(one) for at, one in enumerate(parts)))
