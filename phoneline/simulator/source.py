"""Where a leg's next document comes from."""

from dataclasses import dataclass, field

from phoneline.simulator.poster import Hook


@dataclass(frozen=True)
class Fetch:
    """Ask the product; ``extra`` are the parameters beside those that every request about a call carries."""

    hook: Hook
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Inline:
    """A document given with a REST request (Twilio: the ``Twiml`` parameter)."""

    text: str


Source = Fetch | Inline
