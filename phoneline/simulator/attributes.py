"""Reads one TwiML element's attributes as Twilio does: what it doesn't know gives a warning, never an end."""

from xml.etree.ElementTree import Element

from phoneline.simulator.twiml import Fault

SCHEMA_WARNING = 12200
"""Twilio: error 12200, schema validation warning."""

TRUTH = {"true": True, "false": False}


class Attributes:
    """The attributes of ``element``; every mistake is added to ``faults``. Names are case-sensitive (Twilio: TwiML)."""

    def __init__(self, element: Element, known: frozenset[str], faults: list[Fault]) -> None:
        self._element = element
        self._faults = faults
        for name in element.attrib.keys() - known:
            self._warn(f"unknown attribute {name!r}")

    def _warn(self, text: str) -> None:
        self._faults.append(Fault(SCHEMA_WARNING, f"<{self._element.tag}> {text}"))

    def optional(self, name: str) -> str | None:
        """The attribute as it stands, None when it is absent."""
        return self._element.get(name)

    def text(self, name: str, default: str = "") -> str:
        """The attribute as it stands."""
        return self._element.get(name, default)

    def seconds(self, name: str, default: float, *, low: float = 0, high: float = float("inf")) -> float:
        """A whole number of seconds in the range; otherwise a warning and the default."""
        return float(self.count(name, int(default), low=low, high=high))

    def count(self, name: str, default: int, *, low: float = 0, high: float = float("inf")) -> int:
        """A whole number in the range; otherwise a warning and the default."""
        value = self._element.get(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            self._warn(f"{name}={value!r} is not a whole number in range")
            return default
        return int(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """``true`` or ``false``; otherwise a warning and the default."""
        value = self._element.get(name)
        if value is None:
            return default
        if value not in TRUTH:
            self._warn(f"{name}={value!r} is neither true nor false")
        return TRUTH.get(value, default)

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of the choices, of which the first is the default."""
        value = self._element.get(name, choices[0])
        if value not in choices:
            self._warn(f"{name}={value!r} is not one of {', '.join(choices)}")
            return choices[0]
        return value

    def method(self, name: str = "method") -> str:
        """POST (the default) or GET."""
        return self.choice(name, ("POST", "GET"))

    def keys(self, name: str, default: str) -> str:
        """A set of keys; an empty attribute means none at all (Twilio: Gather docs, finishOnKey)."""
        value = self._element.get(name, default)
        if set(value) - set("0123456789*#"):
            self._warn(f"{name}={value!r} has something that is no key")
            return default
        return value

    def words(self, name: str, allowed: frozenset[str], default: frozenset[str]) -> frozenset[str]:
        """Events, separated by spaces."""
        value = self._element.get(name)
        if value is None:
            return default
        wrong = set(value.split()) - allowed
        if wrong:
            self._warn(f"{name} names {', '.join(sorted(wrong))}")
        return frozenset(value.split()) & allowed
