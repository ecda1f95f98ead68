"""What was filled in to put somebody on a peer's list. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from dashboard.numbers import WHY_NOT
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.agreed_contacts import LONGEST_WORDS, MOST, AgreedProblem, Draft
from phoneline.countries import WhyNot

LONGEST = 300
PROBLEMS: Mapping[AgreedProblem, str] = {
    AgreedProblem.NO_NAME: N_("Say who they are, in a few words."),
    AgreedProblem.NO_HOW: N_("Say when and how %(name)s agreed to it: it is their decision."),
    AgreedProblem.LONG_WORDS: N_("Keep it to %(longest)s characters: it is heard out of the blue."),
    AgreedProblem.NO_SUCH_LANGUAGE: N_("Choose one of the languages."),
    AgreedProblem.ENOUGH: N_("There are %(most)s on the list. Take somebody off first."),
    AgreedProblem.NO_NUMBER: N_("Write the whole number with + and the country, such as +1 and the area code."),
    AgreedProblem.OWN_NUMBER: N_("This is %(name)s's own number, which has been rung by then. Give another one."),
    AgreedProblem.ON_THE_LIST: N_("This number is on the list. Take it off first, to write it anew."),
}


@dataclass(frozen=True)
class AgreedForm:
    """As filled in; `problem` says what to mend, in the field `wrong`."""

    draft: Draft = field(default_factory=Draft)
    problem: str = ""
    wrong: str = ""


def read(form: Mapping[str, str]) -> Draft:
    def cell(name: str) -> str:
        return " ".join(form.get(name, "").split())[:LONGEST]

    number = cell("number")
    return Draft(
        name=cell("name"),
        # As people write numbers: the country's + stays.
        number="".join(one for one in number if one not in " -()./"),
        how=cell("how"),
        language=cell("language"),
        words=cell("words"),
        texts_ok=form.get("texts_ok") == "yes",
    )


def said(problem: AgreedProblem | WhyNot, name: str, countries: Collection[str]) -> str:
    """What is wrong, and how to mend it."""
    allowed = ", ".join(countries)
    return _(
        WHY_NOT[problem] if isinstance(problem, WhyNot) else PROBLEMS[problem],
        name=name,
        longest=LONGEST_WORDS,
        most=MOST,
        countries=allowed,
    )
