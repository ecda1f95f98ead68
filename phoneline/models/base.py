"""What every model shares: constraint names, and columns for instants and for what is encrypted at rest."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    BindParameter,
    DateTime,
    Dialect,
    Enum,
    Index,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    bindparam,
    literal,
    text,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, mapped_column

from phoneline.crypto import vault

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant, always UTC when it comes back. A naive one is refused, so that no zone is ever guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a naive datetime reached the database"
            raise ValueError(message)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Encrypted(TypeDecorator[str]):
    """Text that is written encrypted and read in clear, with the process's vault."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else vault().encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else vault().decrypt(value)


class EncryptedBytes(TypeDecorator[bytes]):
    """As `Encrypted`, for what is no text."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else vault().encrypt_bytes(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else vault().decrypt_bytes(bytes(value))


NOW = bindparam("now", type_=Instant())
"""The present instant, in statements that are put together once: that takes longer than running them."""


def word(kind: type[Any]) -> Enum:
    """A column type for one of `phoneline.states`' enums: the value as text, held by a check constraint."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=24,
        name=kind.__name__.lower(),
    )


def partial_index(name: str, *columns: str, rows: str, unique: bool = False) -> Index:
    """An index of just those rows for which `rows` holds, in both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=text(rows), postgresql_where=text(rows))


def written_out(value: StrEnum, column: InstrumentedAttribute[Any]) -> BindParameter[Any]:
    """A value that stands in the statement itself, so that any plan for it may use the partial index that covers it."""
    return literal(value, column.type, literal_execute=True)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: Instant()}


Id = Annotated[str, mapped_column(primary_key=True, default=lambda: str(uuid.uuid4()))]
"""A random id that may stand in a URL: nobody guesses the next one."""
