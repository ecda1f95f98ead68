"""The music in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.prompts_view import Version, version_shown
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline import wait_music
from phoneline.models import PromptRecording

TONES = wait_music.path(wait_music.tones().token, 0, wait_music.PART_SECONDS)
ANSWERS = Phrases(
    {
        wait_music.DEFAULT: N_("While they wait, callers hear soft tones between the words."),
        wait_music.OWN: N_("While they wait, callers hear your music between the words."),
        wait_music.NONE: N_("While they wait, callers hear nothing between the words."),
    }
)
NO_MUSIC = N_("While they wait, callers hear nothing between the words: no music of yours is in use.")


@dataclass(frozen=True)
class MusicPage:
    answer: str
    choice: str
    least: str
    most: str
    tones: str
    versions: Sequence[Version]


def shown(choice: str, versions: Sequence[PromptRecording], at: Moment) -> MusicPage:
    """A version is in use only while music of your own is played."""
    own = choice == wait_music.OWN
    found = [version_shown(version, at, in_use=own and version.in_use) for version in versions]
    answer = _(NO_MUSIC) if own and not any(one.in_use for one in found) else ANSWERS[choice]
    most = f"{wait_music.LONGEST_SECONDS / 60:.0f}"
    return MusicPage(answer, choice, str(wait_music.PART_SECONDS), most, TONES, found)
