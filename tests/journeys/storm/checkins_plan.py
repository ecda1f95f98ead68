"""What happens in a storm of check-ins, all drawn from one seed: how peers' telephones behave, what goes wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from phoneline.simulator import Behaviour, CreateFault, Faults, Press
from tests.journeys.storm.plan import CREATE_FAULTS, HANG_SECONDS

ASKED_WHO = "good moment for"
ASKED_HOW = "your check-in call"
DUE_WITHIN = 40.0
"""The line's seconds within which everybody's call comes due."""

Mishap = Literal["worker", "clock", "second worker", "second clock", "queue emptied", "database away"]
"""Which process is killed, or what else happens."""
PROCESSES: Sequence[Mishap] = ("worker", "clock", "second worker", "second clock")


@dataclass(frozen=True)
class Peer:
    kind: str
    behaviour: Behaviour
    due_after: float
    texts_at: float | None = None
    safety: bool = False


@dataclass(frozen=True)
class CheckinsPlan:
    seed: int
    peers: Sequence[Peer]
    mishaps: Sequence[tuple[float, Mishap]]
    double: bool
    max_delay: float
    lose: float
    create_faults: float

    def faults(self) -> Faults:
        random = Random(self.seed)  # noqa: S311 - a storm is to come again as it was

        def create_fault(_number: str) -> CreateFault | None:
            return random.choice(CREATE_FAULTS) if random.random() < self.create_faults else None

        return Faults(
            double_callbacks=self.double,
            shuffle_callbacks=self.max_delay > 0,
            max_delay=self.max_delay,
            lose_callbacks=self.lose,
            create_faults=create_fault,
            hang_seconds=HANG_SECONDS,
        )


def random_checkins(seed: int, peers: int, mishaps: int) -> CheckinsPlan:
    """Anything that can happen, at random."""
    random = Random(seed)  # noqa: S311 - as above
    last = DUE_WITHIN * 3
    other: Sequence[Mishap] = ("queue emptied", "database away")
    happens = [random.choice((*PROCESSES, *PROCESSES, *other)) for _ in range(mishaps)]
    return CheckinsPlan(
        seed=seed,
        peers=[_peer(random) for _ in range(peers)],
        mishaps=sorted((random.uniform(1, last), one) for one in happens),
        double=random.random() < 0.6,
        max_delay=random.choice((0.0, 2.0, 6.0)),
        lose=random.choice((0.0, 0.05, 0.2)),
        create_faults=random.choice((0.05, 0.1, 0.25)),
    )


KINDS = [
    *["ok"] * 8,
    *["nobody", "busy", "machine", "silent", "child", "later", "later", "stop", "refused", "failed", "texts", "slow"],
]


def _peer(random: Random) -> Peer:
    kind = random.choice(KINDS)
    picks_up, thinks = random.uniform(0.5, 5), random.uniform(0.3, 3)
    me = Press("1", ASKED_WHO, thinks)
    behaviour = {
        "ok": Behaviour(answer_after=picks_up, presses=(me, Press("1", ASKED_HOW, thinks)), hang_up_after=40),
        "slow": Behaviour(answer_after=7, presses=(me, Press("1", ASKED_HOW, 6)), hang_up_after=60),
        "later": Behaviour(answer_after=picks_up, presses=(me, Press("3", ASKED_HOW, thinks)), hang_up_after=25),
        "stop": Behaviour(answer_after=picks_up, presses=(Press("9", ASKED_WHO, thinks),), hang_up_after=40),
        "child": Behaviour(answer_after=picks_up, presses=(Press("5", ASKED_WHO), Press("7", ASKED_WHO))),
        "silent": Behaviour(answer_after=picks_up, hang_up_after=random.uniform(1, 40)),
        "machine": Behaviour.voicemail(answer_after=picks_up),
        "busy": Behaviour(busy=True),
        "refused": Behaviour(dead="refused"),
        "failed": Behaviour(dead="failed"),
        "nobody": Behaviour(),
        "texts": Behaviour(),
    }[kind]
    texts_at = random.uniform(0, 2 * DUE_WITHIN) if kind == "texts" else None
    return Peer(kind, behaviour, random.uniform(0, DUE_WITHIN), texts_at, safety=random.random() < 0.2)
