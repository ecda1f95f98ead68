"""What the line says and does next on a leg, as plain data. `webhooks.twiml` turns it into the carrier's document.

Paths begin with `/webhooks/`; the renderer puts PUBLIC_URL in front.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Say:
    text: str
    language: str
    prompt: str | None = None
    """The prompt's key, where nothing was filled in: a recording may be played instead."""
    key: str = field(default="", compare=False, repr=False)
    """The prompt's key in any case, and what was filled in: other words may be said instead."""
    values: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Recorded:
    """A recording that is in use: what stands in its address, and how long it plays."""

    token: str
    seconds: float


Recordings = Mapping[tuple[str, str], Recorded]
"""By prompt and language."""
Rewordings = Mapping[tuple[str, str], str]
"""Words instead of the catalogue's, by prompt and language."""


@dataclass(frozen=True)
class Play:
    """Sound from an address of ours."""

    path: str


@dataclass(frozen=True)
class Music:
    """What fills a silence: music of your own or our soft tones, from this part of it on."""

    own: bool
    part: int


@dataclass(frozen=True)
class Pause:
    seconds: int


@dataclass(frozen=True)
class Ask:
    """Speak, then wait for one key, or for several and `#`; on silence the document goes on with the step after."""

    prompts: Sequence[Say]
    path: str
    """Where the key goes."""
    silence_seconds: int
    several: bool = False
    sound: Play | None = None
    """Played after the prompts. A key ends it too."""
    keeps_time: bool = False
    """Words and silence together last as long as planned, also where a recording is played."""
    music: Music | None = None
    """Played instead of most of the silence. A key ends it too."""
    slow: bool = False
    """With a pause after each prompt."""


@dataclass(frozen=True)
class Go:
    path: str


@dataclass(frozen=True)
class Record:
    path: str
    events_path: str
    most_seconds: int
    silence_seconds: int = 10
    """So much silence ends it."""
    trims: bool = False
    """Without the silence before and after."""


@dataclass(frozen=True)
class Join:
    """Into the conference `room`, until it ends or this leg leaves it; then on at `path`."""

    room: str
    path: str
    events_path: str
    star_leaves: bool = False
    ends_room: bool = False


@dataclass(frozen=True)
class Ring:
    """Ring somebody outside the roster and join them; the document goes on when they don't answer or have gone."""

    number: str
    seconds: int
    events_path: str
    path: str | None = None
    """Where to go on instead, told whether they were joined."""


@dataclass(frozen=True)
class HangUp:
    pass


Step = Say | Play | Pause | Ask | Go | Record | Join | Ring | HangUp
Document = Sequence[Step]

NOTHING: Document = ()
