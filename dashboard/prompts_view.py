"""The prompts in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from dashboard import words
from dashboard.prompt_groups import groups, may_be_heard_by_anybody
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _
from phoneline.live_settings import LANGUAGES
from phoneline.models import PromptRecording, PromptWords
from phoneline.prompt_numbers import number_of
from phoneline.prompts import catalogue
from phoneline.recordings import may_be_recorded, most_seconds
from phoneline.sounds import Sounds
from phoneline.word_rules import WordsRefusal, gaps, may_be_reworded, most_characters

ALL_BY_MACHINE = Phrases(
    {
        "en": N_("In English, all prompts are spoken by a machine."),
        "fr": N_("In French, all prompts are spoken by a machine."),
        "es": N_("In Spanish, all prompts are spoken by a machine."),
    }
)


@dataclass(frozen=True)
class PromptLine:
    """One prompt on the list."""

    prompt: str
    number: int
    """By telephone it is chosen by that; 0 where it can't be."""
    words: str
    recorded: bool
    reworded: bool
    open: bool
    """It has a page of its own."""


@dataclass(frozen=True)
class GroupLines:
    id: str
    name: str
    lines: Sequence[PromptLine]


@dataclass(frozen=True)
class PromptsPage:
    answer: str
    language: str
    languages: Sequence[tuple[str, str]]
    asked: str
    groups: Sequence[GroupLines]


@dataclass(frozen=True)
class Version:
    number: int
    token: str
    when: str
    in_use: bool


@dataclass(frozen=True)
class WordsVersion:
    number: int
    text: str
    when: str


@dataclass(frozen=True)
class PromptPage:
    """One prompt, its words, and what has been recorded for it, newest first."""

    prompt: str
    number: int
    language: str
    spoken_in: str
    words: str
    own: str
    """The words of the catalogue."""
    reworded: bool
    may_be_reworded: bool
    may_be_recorded: bool
    gaps: Sequence[str]
    most_characters: int
    heard_by_anybody: bool
    most: str
    versions: Sequence[Version]
    words_versions: Sequence[WordsVersion]

    @property
    def is_recorded(self) -> bool:
        return any(version.in_use for version in self.versions)


def has_page(prompt: str) -> bool:
    return may_be_recorded(prompt) or may_be_reworded(prompt)


def all_of(language: str, sounds: Sounds, asked: str) -> PromptsPage:
    """Those in which the words that were asked for stand, or that have the number."""
    found = [
        GroupLines(group.prompts[0], _(group.name), [_line(one, language, sounds) for one in group.prompts])
        for group in groups()
    ]
    recorded = sum(line.recorded for group in found for line in group.lines)
    wanted = [
        GroupLines(group.id, group.name, [line for line in group.lines if _is_asked(line, asked)]) for group in found
    ]
    shown = [group for group in wanted if group.lines]
    languages = [(one, words.sentence(words.LANGUAGES[one])) for one in LANGUAGES]
    return PromptsPage(_answer(language, recorded, shown, asked), language, languages, asked, shown)


def _answer(language: str, recorded: int, shown: Sequence[GroupLines], asked: str) -> str:
    if asked:
        count = sum(len(group.lines) for group in shown)
        if not count:
            return _("No prompt has these words.")
        told = ngettext(
            "%(number)s prompt has these words.",
            "%(number)s prompts have these words.",
            count,
            number=words.number(count),
        )
        return words.sentence(told)
    if not recorded:
        return ALL_BY_MACHINE[language]
    return ngettext(
        "In %(language)s, %(number)s prompt is played from a recording; the others are spoken by a machine.",
        "In %(language)s, %(number)s prompts are played from a recording; the others are spoken by a machine.",
        recorded,
        language=words.LANGUAGES[language],
        number=words.number(recorded),
    )


def _line(prompt: str, language: str, sounds: Sounds) -> PromptLine:
    instead = sounds.words.get((prompt, language))
    return PromptLine(
        prompt,
        number_of(prompt) if may_be_recorded(prompt) else 0,
        instead or catalogue(language)[prompt],
        recorded=(prompt, language) in sounds.recordings,
        reworded=instead is not None,
        open=has_page(prompt),
    )


def _is_asked(line: PromptLine, asked: str) -> bool:
    wanted = asked.casefold()
    return wanted in line.words.casefold() or wanted in {str(line.number), line.prompt}


def one(
    language: str,
    prompt: str,
    recorded: Sequence[PromptRecording],
    written: Sequence[PromptWords],
    at: Moment,
) -> PromptPage:
    in_use = next((version.text for version in written if version.in_use), None)
    own = catalogue(language)[prompt]
    return PromptPage(
        prompt=prompt,
        number=number_of(prompt),
        language=language,
        spoken_in=words.sentence(words.LANGUAGES[language]),
        words=in_use or own,
        own=own,
        reworded=in_use is not None,
        may_be_reworded=may_be_reworded(prompt),
        may_be_recorded=may_be_recorded(prompt),
        gaps=_gaps(prompt, language),
        most_characters=most_characters(prompt, language),
        heard_by_anybody=may_be_heard_by_anybody(prompt),
        most=f"{floor(most_seconds(prompt, language) * 10) / 10:g}",
        versions=[version_shown(version, at, in_use=version.in_use) for version in recorded],
        words_versions=[_words_version(version, at) for version in written if not version.in_use],
    )


def refusal(why: WordsRefusal, prompt: str, language: str) -> str:
    """What to mend in the words."""
    names = _gaps(prompt, language)
    match why:
        case WordsRefusal.EMPTY:
            return _("Please write the words that callers shall hear.")
        case WordsRefusal.LONG:
            most = most_characters(prompt, language)
            return _("That is too long for this place: at most %(most)s characters fit.", most=most)
        case WordsRefusal.GAPS if names:
            return _("Please keep exactly what is filled in here, in its braces: %(gaps)s.", gaps=", ".join(names))
        case WordsRefusal.GAPS:
            return _("Nothing is filled in here, so please write no braces.")


def _gaps(prompt: str, language: str) -> Sequence[str]:
    return [f"{{{name}}}" for name in sorted(gaps(catalogue(language)[prompt]) or ())]


def _words_version(version: PromptWords, at: Moment) -> WordsVersion:
    by = version.account.email if version.account else _("a login that is gone")
    return WordsVersion(version.version, version.text, _("by %(who)s %(when)s", who=by, when=at.on(version.made_at)))


def version_shown(version: PromptRecording, at: Moment, *, in_use: bool) -> Version:
    by = version.account.email if version.account else _("a login that is gone")
    if version.person is not None:
        by = _("%(name)s by telephone", name=version.person.name)
    when = _(
        "%(seconds)s s long, by %(who)s %(when)s", seconds=f"{version.seconds:.3g}", who=by, when=at.on(version.made_at)
    )
    return Version(version.version, version.token, when, in_use)
