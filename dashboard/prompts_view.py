"""The prompts in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.times import Moment
from phoneline.live_settings import LANGUAGES
from phoneline.models import PromptRecording
from phoneline.prompt_numbers import number_of
from phoneline.prompts import catalogue
from phoneline.recordings import may_be_recorded, most_seconds
from phoneline.steps import Recordings


@dataclass(frozen=True)
class PromptLine:
    """One prompt on the list."""

    prompt: str
    number: int
    """By telephone it is chosen by that."""
    words: str
    recorded: bool


@dataclass(frozen=True)
class PromptsPage:
    answer: str
    language: str
    languages: Sequence[tuple[str, str]]
    recordable: Sequence[PromptLine]
    fixed: Sequence[PromptLine]
    """Where only the words will do."""


@dataclass(frozen=True)
class Version:
    number: int
    token: str
    when: str
    in_use: bool


@dataclass(frozen=True)
class PromptPage:
    """One prompt, its words, and what has been recorded for it, newest first."""

    prompt: str
    number: int
    language: str
    spoken_in: str
    words: str
    most: str
    versions: Sequence[Version]

    @property
    def is_recorded(self) -> bool:
        return any(version.in_use for version in self.versions)


def all_of(language: str, in_use: Recordings) -> PromptsPage:
    lines = [
        PromptLine(prompt, number_of(prompt), text, (prompt, language) in in_use)
        for prompt, text in catalogue(language).items()
    ]
    recordable = [line for line in lines if may_be_recorded(line.prompt)]
    fixed = [line for line in lines if not may_be_recorded(line.prompt)]
    count = sum(line.recorded for line in lines)
    spoken = words.LANGUAGES[language]
    recorded = words.counted(count, "prompt is", "prompts are")
    answer = f"In {spoken}, {recorded} played from a recording; the others are spoken by a machine."
    if not count:
        answer = f"In {spoken}, all prompts are spoken by a machine."
    languages = [(one, words.sentence(words.LANGUAGES[one])) for one in LANGUAGES]
    return PromptsPage(answer, language, languages, recordable, fixed)


def one(language: str, prompt: str, versions: Sequence[PromptRecording], at: Moment) -> PromptPage:
    return PromptPage(
        prompt=prompt,
        number=number_of(prompt),
        language=language,
        spoken_in=words.sentence(words.LANGUAGES[language]),
        words=catalogue(language)[prompt],
        most=f"{most_seconds(prompt, language):g}",
        versions=[version_shown(version, at, in_use=version.in_use) for version in versions],
    )


def version_shown(version: PromptRecording, at: Moment, *, in_use: bool) -> Version:
    by = version.account.email if version.account else "a login that is gone"
    if version.person is not None:
        by = f"{version.person.name} by telephone"
    when = f"{version.seconds:.3g} s long, by {by} {at.on(version.made_at)}"
    return Version(version.version, version.token, when, in_use)
