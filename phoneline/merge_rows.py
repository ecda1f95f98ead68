"""Every row that names one person names another from now on, or is put aside; and back, exactly.

Which columns name a person is asked of the tables themselves, so no new table is ever forgotten.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    DateTime,
    Table,
    TableClause,
    Text,
    Time,
    and_,
    delete,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import column as light_column
from sqlalchemy import table as light_table
from sqlalchemy import update as update_rows
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from phoneline.models import Base, Person
from phoneline.models.base import Encrypted, Instant

AT_ONCE = 200
STAY = frozenset({"person.merged_into_id", "person_merge.kept_id", "person_merge.gone_id"})
"""Columns that say who was merged with whom."""
_TIMES: Sequence[tuple[type[Any], Callable[[str], Any]]] = (
    (Instant, datetime.fromisoformat),
    (DateTime, datetime.fromisoformat),
    (Date, date.fromisoformat),
    (Time, time.fromisoformat),
)

Key = Sequence[Any]
Row = Mapping[str, Any]


@dataclass
class Moved:
    """What it takes to put everything back."""

    keys: dict[str, list[Key]] = field(default_factory=dict)
    """By column, the primary keys of the rows in which it was changed."""
    taken_out: list[tuple[str, Row]] = field(default_factory=list)
    """By table, rows that the other person had one like already, as they are stored."""
    stayed: list[str] = field(default_factory=list)
    """Columns of which rows stayed: others hang on them, and the other person had one like them."""


def columns() -> Sequence[Column[Any]]:
    """Every column that names a person, but those about merging itself."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is Person.__table__ for key in column.foreign_keys) and name_of(column) not in STAY
    ]


def name_of(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"


def counts(session: Session, person_id: str) -> Mapping[str, int]:
    """By column, how many rows name this person; columns with none are left out."""
    each = [
        select(literal(name_of(one)).label("name"), func.count().label("rows")).where(one == person_id)
        for one in columns()
    ]
    both = union_all(*each).subquery()
    found = session.execute(select(both.c.name, both.c.rows).where(both.c.rows > 0))
    return {str(name): int(rows) for name, rows in found}


def move(session: Session, gone_id: str, kept_id: str) -> Moved:
    """All that names the one names the other. Hold both rows."""
    moved = Moved()
    for column in columns():
        keys = _keys(session, column, gone_id)
        if not keys:
            continue
        if _try(session, column, column == gone_id, kept_id):
            moved.keys[name_of(column)] = _after(column, keys, gone_id, kept_id)
        else:
            _one_by_one(session, column, keys, gone_id, kept_id, moved)
    session.expire_all()
    return moved


def move_back(session: Session, moved: Moved, gone_id: str, kept_id: str) -> None:
    """As it was. What was added to the one that was kept since then stays there."""
    names = {name_of(column): column for column in columns()}
    for name, keys in reversed(moved.keys.items()):
        column = names[name]
        for start in range(0, len(keys), AT_ONCE):
            some = [tuple(key) for key in keys[start : start + AT_ONCE]]
            theirs = tuple_(*column.table.primary_key.columns).in_(some)
            session.execute(update_rows(column.table).where(theirs, column == kept_id).values({column.name: gone_id}))
    for name, row in moved.taken_out:
        put_in(session, Base.metadata.tables[name], row)
    session.expire_all()


def _one_by_one(
    session: Session, column: Column[Any], keys: Sequence[Key], gone_id: str, kept_id: str, moved: Moved
) -> None:
    """Where the other has a row like it already: it is taken out, or stays if rows of other tables hang on it."""
    table = column.table
    for key in keys:
        this = _are(table.primary_key.columns, key)
        if _try(session, column, this, kept_id):
            moved.keys.setdefault(name_of(column), []).extend(_after(column, [key], gone_id, kept_id))
        elif _has_children(table):
            moved.stayed.append(name_of(column))
        else:
            moved.taken_out.append((table.name, frozen(session, table, key)))
            session.execute(delete(table).where(this))


def _try(session: Session, column: Column[Any], which: ColumnElement[bool], kept_id: str) -> bool:
    """False if a rule of the database forbids it; then nothing was changed."""
    try:
        with session.begin_nested():
            session.execute(update_rows(column.table).where(which).values({column.name: kept_id}))
    except IntegrityError:
        return False
    return True


def _keys(session: Session, column: Column[Any], person_id: str) -> list[Key]:
    primary = column.table.primary_key.columns
    return [list(row) for row in session.execute(select(*primary).where(column == person_id))]


def _after(column: Column[Any], keys: Sequence[Key], gone_id: str, kept_id: str) -> list[Key]:
    """The keys as they are once the column was changed: it may be part of them."""
    names = [one.name for one in column.table.primary_key.columns]
    if column.name not in names:
        return list(keys)
    place = names.index(column.name)
    return [[*key[:place], kept_id, *key[place + 1 :]] for key in keys if key[place] == gone_id]


def _has_children(table: Table) -> bool:
    return any(key.column.table is table for other in Base.metadata.sorted_tables for key in other.foreign_keys)


# Rows as they are stored


def stored(table: Table) -> TableClause:
    """The table with what is encrypted left as it is."""
    return light_table(
        table.name,
        *(light_column(one.name, Text() if isinstance(one.type, Encrypted) else one.type) for one in table.columns),
    )


def frozen(session: Session, table: Table, key: Key) -> Row:
    """A row as it is stored, ready for JSON."""
    as_stored = stored(table)
    primary = [as_stored.c[one.name] for one in table.primary_key.columns]
    row = session.execute(select(as_stored).where(_are(primary, key))).one()
    return {name: _plain(value) for name, value in row._mapping.items()}  # noqa: SLF001 - so SQLAlchemy calls it in public


def put_in(session: Session, table: Table, row: Row) -> None:
    """A frozen row, as it was."""
    session.execute(stored(table).insert().values(thawed(table, row)))


def thawed(table: Table, row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        kind = table.columns[name].type
        read = next((reader for known, reader in _TIMES if isinstance(kind, known)), None)
        found[name] = read(value) if read is not None and isinstance(value, str) else value
    return found


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _are(columns: Iterable[ColumnElement[Any]], key: Key) -> ColumnElement[bool]:
    return and_(*(column == value for column, value in zip(columns, key, strict=True)))
