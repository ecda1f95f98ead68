"""What was filled in to record somebody's yes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.consents import How, Whose, Yes
from phoneline.states import ConsentKind

LONGEST_WORDS = 500
NO_HOW = N_("Please say how they told us.")
NO_WHOSE = N_("Please say whose word it was.")
NO_WORDS = N_(
    "Please write down what they said, or what they were asked: whoever looks at this later will want to know."
)
LONG_WORDS = N_("Please keep the words below %(most)s characters.")
NOT_OWN = N_("They stopped these calls themselves. Only their own word brings them back: please ask them.")


@dataclass(frozen=True)
class ConsentForm:
    """As filled in; `problem` says what to mend, in the field `wrong`."""

    kind: str = ConsentKind.AUTOMATED_CALLS
    how: str = ""
    whose: str = ""
    words: str = ""
    problem: str = ""
    wrong: str = ""

    @property
    def yes(self) -> Yes:
        return Yes(ConsentKind(self.kind), How(self.how), Whose(self.whose), self.words or None)


def read(form: Mapping[str, str]) -> ConsentForm:
    kind, how, whose = (form.get(name, "").strip()[:64] for name in ("kind", "how", "whose"))
    words = " ".join(form.get("words", "").split())
    kind = kind if kind in set(ConsentKind) else ConsentKind.AUTOMATED_CALLS
    problems = (
        (how not in set(How), "how", NO_HOW),
        (whose not in set(Whose), "whose", NO_WHOSE),
        (not words, "words", NO_WORDS),
        (len(words) > LONGEST_WORDS, "words", LONG_WORDS),
    )
    wrong, problem = next(((field, said) for bad, field, said in problems if bad), ("", ""))
    problem = _(problem, most=LONGEST_WORDS) if problem else ""
    return ConsentForm(kind, how, whose, words[:LONGEST_WORDS], problem, wrong)
