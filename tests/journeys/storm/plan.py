"""What happens in a storm, all of it drawn from one seed: who calls when, how volunteers behave, what goes wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from phoneline.simulator import Behaviour, CreateFault, Faults, Press

OFFERED = "To take the call"
ASKED = "How was the call"
CREATE_FAULTS: Sequence[CreateFault] = ("refuse", "server_error", "server_error_made", "hang", "hang_made")
HANG_SECONDS = 1.5
"""Our own seconds: how long the carrier keeps a create waiting that it never answers."""


@dataclass(frozen=True)
class Caller:
    calls_at: float
    """The line's seconds from the start of the storm."""
    behaviour: Behaviour


@dataclass(frozen=True)
class Volunteer:
    tier: int
    behaviour: Behaviour
    shift_ends_at: float | None = None


@dataclass(frozen=True)
class Plan:
    seed: int
    callers: Sequence[Caller]
    volunteers: Sequence[Volunteer]
    strategy: str = "least_recent"
    ring_seconds: int = 15
    double: bool = False
    max_delay: float = 0.0
    lose: float = 0.0
    create_faults: float = 0.0
    """The share of creates that fail."""
    kill_at: float | None = None
    """When the worker is killed, and started again."""
    queue_away: tuple[float, float] | None = None

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


def three_and_three() -> Plan:
    """The known disaster: three callers and three volunteers, and one of the callers got no volunteer."""
    patient = Behaviour(hang_up_after=70)
    return Plan(0, [Caller(0, patient)] * 3, [Volunteer(1, _taker(2.0, 1.0, "1"))] * 3)


def all_at_once(seed: int) -> Plan:
    """Every volunteer is rung at once, and they press 1 in the same instant; but for one, who lets it ring."""
    callers = [Caller(0, Behaviour(hang_up_after=50 + 15 * n)) for n in range(4)]
    volunteers = [*[Volunteer(1, _taker(2.0, 1.0, "1"))] * 5, Volunteer(1, Behaviour())]
    return Plan(seed, callers, volunteers, strategy="simultaneous", ring_seconds=120, double=True, max_delay=3.0)


def twelve_and_eight(seed: int) -> Plan:
    """Twelve callers and eight volunteers, of whom one has a dead number, one a voicemail, one is busy."""
    drawn = random_plan(seed, callers=12, volunteers=5)
    broken = [Behaviour(dead="refused"), Behaviour.voicemail(answer_after=4.0), Behaviour(busy=True)]
    return replace(drawn, volunteers=[*(Volunteer(1, one) for one in broken), *drawn.volunteers])


def random_plan(seed: int, callers: int | None = None, volunteers: int | None = None) -> Plan:
    """Anything that can happen, at random."""
    random = Random(seed)  # noqa: S311 - a storm is to come again as it was
    return Plan(
        seed=seed,
        callers=[_caller(random) for _ in range(callers or random.randint(3, 12))],
        volunteers=[_volunteer(random) for _ in range(volunteers or random.randint(2, 8))],
        strategy=random.choice(("least_recent", "simultaneous", "in_order")),
        double=random.random() < 0.5,
        max_delay=random.choice((0.0, 1.0, 4.0)),
        lose=random.choice((0.0, 0.0, 0.05, 0.15)),
        create_faults=random.choice((0.0, 0.0, 0.1, 0.2)),
        kill_at=random.uniform(5, 60) if random.random() < 0.3 else None,
        queue_away=(random.uniform(0, 30), random.uniform(5, 40)) if random.random() < 0.2 else None,
    )


def _caller(random: Random) -> Caller:
    kind = random.choice(("patient", "patient", "patient", "gone", "asks back", "message", "wrong keys"))
    calls_at = random.choice((0.0, random.uniform(0, 30)))
    long = random.uniform(130, 200)
    behaviour = {
        "patient": Behaviour(hang_up_after=random.uniform(60, 200)),
        "gone": Behaviour(hang_up_after=random.uniform(0, 45)),
        "asks back": Behaviour(hang_up_after=long, presses=(Press("1", after=random.uniform(12, 100)),)),
        "message": Behaviour(
            hang_up_after=long,
            message_seconds=random.uniform(0.5, 8),
            presses=(Press("2", after=random.uniform(12, 100)),),
        ),
        "wrong keys": Behaviour(
            hang_up_after=long,
            presses=tuple(Press(random.choice("03456789#"), after=random.uniform(3, 30)) for _ in range(3)),
        ),
    }[kind]
    return Caller(calls_at, behaviour)


def _volunteer(random: Random) -> Volunteer:
    picks_up, thinks = random.uniform(1, 18), random.uniform(0.3, 6)
    outcome = random.choice(("1", "2", "3", "4", "#", ""))
    behaviour = random.choice(
        (
            _taker(picks_up, thinks, outcome),
            _taker(picks_up, thinks, outcome),
            _taker(picks_up, thinks, outcome),
            replace(_taker(picks_up, thinks, outcome), hang_up_after=random.uniform(10, 60)),
            _taker(picks_up, random.uniform(12, 20), outcome),
            Behaviour(answer_after=picks_up, presses=(Press("5", OFFERED), Press("1", OFFERED))),
            Behaviour(answer_after=picks_up, presses=(Press("2", OFFERED, thinks),)),
            Behaviour(answer_after=picks_up, presses=(Press("9", OFFERED, thinks),)),
            Behaviour.voicemail(answer_after=picks_up),
            Behaviour(),
            Behaviour(busy=True),
            Behaviour(dead=random.choice(("refused", "failed"))),
        )
    )
    ends = random.uniform(10, 60) if random.random() < 0.15 else None
    return Volunteer(random.choice((1, 1, 2)), behaviour, ends)


def _taker(picks_up: float, thinks: float, outcome: str) -> Behaviour:
    after = (Press(outcome, ASKED, 1.0),) if outcome else ()
    return Behaviour(answer_after=picks_up, presses=(Press("1", OFFERED, thinks), *after))
