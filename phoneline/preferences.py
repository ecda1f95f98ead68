"""How well a volunteer suits a caller. Pure: both are arguments. `routing` says what is made of it.

A language, the volunteer of last time and wished-for experience are wishes, never a reason to wait long; that somebody
is rather not wanted weighs more. Who is kept apart from the caller isn't asked at all, and so never comes here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Wishes:
    """What a caller needs and would like."""

    language: str
    last_time: str | None = None
    """The volunteer with whom they talked last."""
    rather_not: Collection[str] = frozenset()
    """Volunteers with whom they would rather not talk."""
    prefers: Sequence[str] = ()
    """Experience, gender and the like, what matters most first."""


@dataclass(frozen=True)
class Traits:
    """What a volunteer brings."""

    person_id: str
    languages: Collection[str]
    skills: Collection[str] = frozenset()


@dataclass(frozen=True)
class Fit:
    """How a volunteer suits a caller; of two, the one with the lower rank suits better."""

    speaks: bool = True
    unwished: bool = False
    rank: tuple[bool, ...] = ()


ANYBODY = Fit()


def fit(wishes: Wishes, traits: Traits) -> Fit:
    skills = {skill.casefold() for skill in traits.skills}
    # False comes before True: what is met comes first.
    unmet = [wish.casefold() not in skills for wish in wishes.prefers]
    return Fit(
        speaks=wishes.language in traits.languages,
        unwished=traits.person_id in wishes.rather_not,
        rank=(traits.person_id != wishes.last_time, *unmet),
    )
