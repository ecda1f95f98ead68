"""Whatever says something of a person has its place in `rights_registry`: no new table is forgotten by a right."""

from dashboard.everything import HEADINGS
from phoneline.models import Base, Person
from phoneline.models.base import Encrypted, EncryptedBytes
from phoneline.rights_registry import HIDDEN, PERSON, PERSON_STAYS, REFERENCES, Erased


def test_each_column_that_names_a_person_has_its_decision() -> None:
    """In `REFERENCES`: what becomes of the row when they are erased, and under which heading they are told of it."""
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is Person.__table__ for key in column.foreign_keys)
    }
    assert set(REFERENCES) == named


def test_what_stays_or_isnt_told_has_its_reason() -> None:
    reasonless = {
        column
        for column, fate in REFERENCES.items()
        if not fate.why and (fate.told is None or fate.erased is Erased.STAYS)
    }
    assert reasonless == set()


def test_whatever_is_told_has_its_heading() -> None:
    """In `HEADINGS` of `dashboard/everything.py`."""
    assert {fate.told for fate in REFERENCES.values() if fate.told is not None} == set(HEADINGS)


def test_each_hidden_column_has_its_decision() -> None:
    """In `HIDDEN`: encrypted ones, and hashes. What becomes of them, the canary of `test_erasing` sees."""
    hidden = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted | EncryptedBytes) or column.name.endswith("_hash")
    }
    assert set(HIDDEN) == hidden


def test_each_column_of_a_person_is_emptied_or_stays() -> None:
    """In `PERSON`, with what it is afterwards, or in `PERSON_STAYS`."""
    assert {column.name for column in Person.__table__.columns} == set(PERSON) | PERSON_STAYS
