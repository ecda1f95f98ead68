"""What was filled in about who somebody is. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from dashboard import typed
from dashboard.numbers import WHY_NOT
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.countries import WhyNot
from phoneline.person_details import LONGEST_ALIAS, LONGEST_NAME, LONGEST_TAG, MOST_TAGS, Details, Problem
from phoneline.person_numbers import NumberProblem
from phoneline.states import Role

PROBLEMS: Mapping[Problem, str] = {
    Problem.NO_NAME: N_("Please write what they are called: a name, or whatever they want to be called."),
    Problem.LONG_NAME: N_("Please keep the name below %(longest_name)s characters."),
    Problem.LONG_ALIAS: N_("Please keep it below %(longest_alias)s characters: it is spoken."),
    Problem.NO_ROLE: N_("Please say what they are here: at least one of these."),
    Problem.NO_SUCH_LANGUAGE: N_("Please choose one of the languages."),
    Problem.NO_SUCH_ZONE: N_("Please choose a time zone from the list, such as America/Toronto, or leave it empty."),
    Problem.TOO_MANY: N_("Please write at most %(most_tags)s."),
    Problem.LONG_TAG: N_("Please keep each of them below %(longest_tag)s characters."),
    Problem.SHIFTS_AHEAD: N_(
        "They still have shifts ahead as a volunteer. Give these away or end them first; then this can be taken off."
    ),
    Problem.DUTY_AHEAD: N_(
        "They still have duty ahead as a coordinator. Give it to somebody else first; then this can be taken off."
    ),
    Problem.NUMBER_SHARED: N_(
        "Somebody else has the same telephone number, and a volunteer's number is theirs alone. "
        "Give one of the two another number first."
    ),
}
MEND_ON: Mapping[Problem, str] = {
    Problem.SHIFTS_AHEAD: "roster_person.page",
    Problem.DUTY_AHEAD: "roster.page",
}
NUMBERS: Mapping[NumberProblem, str] = {
    NumberProblem.NO_NUMBER: N_(
        "This is no telephone number. Write it as you would dial it, or with + and the country."
    ),
    NumberProblem.THEIRS_ALREADY: N_("This number is theirs already."),
    NumberProblem.ENOUGH: N_("Two numbers are written down already. Take one off first."),
    NumberProblem.A_NAMESAKES: N_(
        "Somebody with this name and number is written down already. Look for them on People."
    ),
    NumberProblem.A_VOLUNTEERS: N_(
        "Somebody else has this number, and a volunteer's number is theirs alone. Is it perhaps the same person?"
    ),
}


@dataclass(frozen=True)
class PersonForm:
    """As filled in; `problem` says what to mend, in the field `wrong`."""

    name: str = ""
    alias: str = ""
    roles: Sequence[str] = (Role.PEER.value,)
    language: str = ""
    timezone: str = ""
    speaks: Sequence[str] = ()
    skills: str = ""
    prefers: str = ""
    voicemail_ok: bool = False
    number: str = ""
    problem: str = ""
    wrong: str = ""
    mend_on: str = ""
    """The page on which what is wrong can be mended."""

    @property
    def details(self) -> Details:
        return Details(
            name=self.name,
            alias=self.alias or None,
            roles=tuple(role for role in Role if role.value in self.roles),
            language=self.language or None,
            timezone=self.timezone or None,
            speaks=tuple(one for one in self.speaks if one != self.language),
            skills=_tags(self.skills),
            prefers=_tags(self.prefers),
            voicemail_ok=self.voicemail_ok,
        )


def read(form: MultiDict[str, str]) -> PersonForm:
    def cell(name: str, longest: int = 2000) -> str:
        return typed.line(form, name, longest)

    return PersonForm(
        name=cell("name"),
        alias=cell("alias"),
        roles=tuple(form.getlist("roles")),
        language=cell("language", 20),
        timezone=cell("timezone", 64),
        speaks=tuple(dict.fromkeys(one[:20] for one in form.getlist("speaks"))),
        skills=cell("skills"),
        prefers=cell("prefers"),
        voicemail_ok=form.get("voicemail_ok") == "yes",
        number=cell("number", 40),
    )


def of_details(details: Details) -> PersonForm:
    return PersonForm(
        name=details.name,
        alias=details.alias or "",
        roles=tuple(role.value for role in details.roles),
        language=details.language or "",
        timezone=details.timezone or "",
        speaks=details.speaks,
        skills=", ".join(details.skills),
        prefers=", ".join(details.prefers),
        voicemail_ok=details.voicemail_ok,
    )


def refused(form: PersonForm, problems: Mapping[str, Problem]) -> PersonForm:
    """The form as it comes back: the first of its fields that has to be mended."""
    wrong, problem = next(iter(problems.items()))
    return replace(form, problem=said(problem), wrong=wrong, mend_on=MEND_ON.get(problem, ""))


def number_refused(form: PersonForm, problem: NumberProblem | WhyNot, countries: Collection[str]) -> PersonForm:
    return replace(form, problem=number_said(problem, countries), wrong="number")


def said(problem: Problem) -> str:
    most = {"longest_name": LONGEST_NAME, "longest_alias": LONGEST_ALIAS, "longest_tag": LONGEST_TAG}
    return _(PROBLEMS[problem], most_tags=MOST_TAGS, **most)


def number_said(problem: NumberProblem | WhyNot, countries: Collection[str]) -> str:
    return _(WHY_NOT[problem] if isinstance(problem, WhyNot) else NUMBERS[problem], countries=", ".join(countries))


def _tags(text: str) -> tuple[str, ...]:
    """Each once, in the order given, whichever way they are separated."""
    parts = [" ".join(part.split()) for part in text.replace(";", ",").split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))
