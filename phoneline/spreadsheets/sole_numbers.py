"""A volunteer's number is theirs alone: accepting a call by it must point at one person. Peers may share."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from phoneline.spreadsheets.holders import holders
from phoneline.spreadsheets.table import Problem, Row
from phoneline.states import Role

_COLUMNS = ("phone", "second_phone")


@dataclass(frozen=True)
class Claim:
    """The numbers that a row's person will hold, first and perhaps second, by their hashes."""

    row: Row
    person_id: str | None
    hashes: Sequence[str]
    is_volunteer: bool


def check_numbers(session: Session, claims: Sequence[Claim]) -> list[Problem]:
    """A problem for each claim that would make two people hold a volunteer's number.

    Claims are judged together: what one row gives up another may take.
    """
    in_file = {claim.person_id for claim in claims if claim.person_id}
    taken: dict[str, list[tuple[int | None, bool]]] = defaultdict(list)
    for number_hash, people in holders(session, [each for claim in claims for each in claim.hashes]).items():
        taken[number_hash] += [(None, who.has(Role.VOLUNTEER)) for who in people if who.id not in in_file]
    problems = []
    for claim in claims:
        for column, number_hash in zip(_COLUMNS, claim.hashes, strict=False):
            clash = next((row for row, volunteer in taken[number_hash] if volunteer or claim.is_volunteer), 0)
            if clash != 0:
                whose = "somebody else's already" if clash is None else f"also in row {clash}"
                reason = f"is {whose}, and a volunteer's number is theirs alone; give one of the two another number"
                problems.append(claim.row.problem(column, reason))
            taken[number_hash].append((claim.row.number, claim.is_volunteer))
    return problems
