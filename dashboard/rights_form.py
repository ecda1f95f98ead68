"""What was filled in when somebody asks for what is kept about them, or to be erased. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from dashboard import typed
from dashboard.tongue import N_
from phoneline.crypto import folded
from phoneline.rights_states import AskedHow

LONGEST_REASON = 500
SHORTEST_NAME = 3
NO_HOW = N_("Please say how they asked.")
NO_REASON = N_("Please say why, in a few words: it is kept, to show what was done.")
NAMES_THEM = N_("Please leave out who they are: this is kept when nothing else says it any more.")
NO_WHEN = N_("Please choose when.")
DAY, NOW = "day", "now"
_A_NUMBER = re.compile(r"(?:\d[\s().-]*){7}|\S@\S")


@dataclass(frozen=True)
class RightsForm:
    """As typed; `problems` says by field what to mend."""

    how: str = ""
    reason: str = ""
    when: str = DAY
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> AskedHow:
        return AskedHow(self.how)


def read(form: Mapping[str, str], name: str) -> RightsForm:
    """`name`: of the person it is about, which the reason must not have."""
    reason = typed.line(form, "reason", LONGEST_REASON)
    how, when = form.get("how", ""), form.get("when", DAY)
    problems = {
        "how": "" if how in frozenset(AskedHow) else NO_HOW,
        "reason": NO_REASON if not reason else NAMES_THEM if names_them(reason, name) else "",
        "when": "" if when in {DAY, NOW} else NO_WHEN,
    }
    found = {where: words for where, words in problems.items() if words}
    return RightsForm(how if "how" not in found else "", reason, when, found)


def names_them(reason: str, name: str) -> bool:
    """Whether the words say who it is: a part of the name, a telephone number, an e-mail address."""
    said: Collection[str] = set(re.findall(r"\w+", folded(reason)))
    parts = {part for part in re.findall(r"\w+", folded(name)) if len(part) >= SHORTEST_NAME}
    return bool(parts & set(said)) or _A_NUMBER.search(reason) is not None
