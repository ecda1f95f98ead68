"""The table."""

from collections.abc import Mapping, Sequence
from statistics import median

from bench.load import Burst

WORDS = {
    "bare": "(a) Flask alone, a static document",
    "floor": "(b) signature check and one row",
    "product": "(c) the line: a new call",
}


def table(kind: str, connections: int, rounds: Mapping[str, Sequence[Burst]]) -> str:
    """The medians of all rounds, and the share of each of the others' speed that the product reaches."""
    lines = [
        f"\n{kind}, {connections} connections",
        f"  {'':36}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}   req/s of each round",
    ]
    for app, bursts in rounds.items():
        each = ", ".join(f"{one.a_second:.0f}" for one in bursts)
        lines.append(
            f"  {WORDS[app]:36}{median(one.a_second for one in bursts):8.0f}{median(one.median for one in bursts):9.1f}"
            f"{median(one.p99 for one in bursts):9.1f}   {each}"
        )
    lines += [_share(rounds, letter, app) for letter, app in (("b", "floor"), ("a", "bare")) if app in rounds]
    return "\n".join(lines)


def _share(rounds: Mapping[str, Sequence[Burst]], letter: str, app: str) -> str:
    """Each round's two were measured right after each other, so their ratio holds on a busy machine too."""
    pairs = zip(rounds.get("product", ()), rounds[app], strict=False)
    shares = sorted(ours.a_second / theirs.a_second for ours, theirs in pairs)
    return f"  c/{letter} = {median(shares):.2f} ({shares[0]:.2f} to {shares[-1]:.2f})" if shares else ""
