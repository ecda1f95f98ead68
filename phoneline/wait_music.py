"""What is played between the words while a caller waits: soft tones of ours, music of your own, or nothing. Pure."""

from phoneline import soft_tones
from phoneline.steps import Music, Recorded, Recordings

PROMPT = "wait_music"
LANGUAGE = "any"
"""Under these names own music is kept, as a prompt's recordings are: one for all languages."""
KEY = (PROMPT, LANGUAGE)
PART_SECONDS = soft_tones.CHORD_SECONDS
"""Each turn of a wait plays the next part, so it is at least as long as a turn."""
LONGEST_SECONDS = 600.0
REST_SECONDS = 1
"""A document can't wait for a key for less; what is played before it is so much shorter than the silence was."""
DEFAULT, OWN, NONE = "default", "own", "none"
CHOICES = (DEFAULT, OWN, NONE)


def of_turn(choice: str, turn: int) -> Music | None:
    """What fills the silence of this turn, counted from 1."""
    return None if choice == NONE else Music(own=choice == OWN, part=turn - 1)


def sound(music: Music, silence_seconds: int, recordings: Recordings) -> str | None:
    """The address of what fills this silence but for its end. None where there is no sound, or no time for one."""
    found = recordings.get(KEY) if music.own else tones()
    seconds = min(silence_seconds - REST_SECONDS, PART_SECONDS)
    if found is None or seconds < 1:
        return None
    parts = max(1, int(found.seconds // PART_SECONDS))
    return path(found.token, music.part % parts, seconds)


def path(token: str, part: int, seconds: int) -> str:
    return f"/webhooks/music/{token}/{part}/{seconds}"


def tones() -> Recorded:
    """Ours, addressed by what they are: other tones have another address."""
    return Recorded(soft_tones.version(), float(len(soft_tones.CHORDS) * PART_SECONDS))
