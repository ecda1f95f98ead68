"""Connection overrides: how long Twilio waits for a webhook and what it tries again (Twilio: connection overrides).

They stand in the fragment of a URL, as in ``#rc=2&rp=ct,rt&rt=5000``, and are part neither of the request nor of its
signature.
"""

from dataclasses import dataclass
from urllib.parse import urldefrag

RETRY_POLICIES = frozenset({"4xx", "5xx", "ct", "rt"})


@dataclass(frozen=True)
class Overrides:
    """Real seconds; ``retries`` counts only failures named in ``policies``. By default one, for failed connects."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    policies: frozenset[str] = frozenset({"ct"})


def split(url: str, ceiling: float) -> tuple[str, Overrides]:
    """The URL without its fragment, and what the fragment asks for; ``ceiling`` bounds every time-out."""
    bare, fragment = urldefrag(url)
    wanted = dict(part.partition("=")[::2] for part in fragment.split("&") if "=" in part)
    policies = frozenset(wanted.get("rp", "ct").split(","))
    return bare, Overrides(
        connect=_seconds(wanted.get("ct"), 5.0, ceiling),
        read=_seconds(wanted.get("rt"), 15.0, ceiling),
        total=_seconds(wanted.get("tt"), 15.0, ceiling),
        retries=min(5, int(retries)) if (retries := wanted.get("rc", "1")).isdigit() else 1,
        policies=RETRY_POLICIES if "all" in policies else policies,
    )


def _seconds(milliseconds: str | None, default: float, ceiling: float) -> float:
    value = int(milliseconds) / 1000 if milliseconds and milliseconds.isdigit() else default
    return min(max(0.1, value), ceiling)
