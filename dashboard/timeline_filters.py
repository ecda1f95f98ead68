"""What a person's timeline is narrowed to, as it stands in its address. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from dashboard.tongue import N_, Phrases


class Show(StrEnum):
    """Which lines; the first is what is shown unasked."""

    HAPPENED = ""
    TALKS = "talks"
    CHECKINS = "checkins"
    TEXTS = "texts"
    PLANS = "plans"
    NOTES = "notes"
    CHANGES = "changes"
    LOOKS = "looks"


NAMES: Mapping[Show, str] = Phrases(
    {
        Show.HAPPENED: N_("Everything that happened"),
        Show.TALKS: N_("Calls, messages and visits"),
        Show.CHECKINS: N_("Check-ins"),
        Show.TEXTS: N_("Texts"),
        Show.PLANS: N_("Plans and consent"),
        Show.NOTES: N_("Notes"),
        Show.CHANGES: N_("Changes of the record"),
        Show.LOOKS: N_("Who looked"),
    }
)


def read(text: str) -> Show:
    """A word that doesn't exist narrows nothing."""
    return Show(text) if text in {one.value for one in Show} else Show.HAPPENED
