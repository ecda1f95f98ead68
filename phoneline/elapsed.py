"""The time between instants, as both databases count it; and whole seconds, as the exports tell them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, FunctionElement, Numeric
from sqlalchemy.ext.compiler import compiles

from phoneline.models.base import Instant
from phoneline.report_rules import QUARTER_SECONDS


class Seconds(FunctionElement[float]):
    """From one instant to another."""

    inherit_cache = True
    type = Numeric(asdecimal=False)


@compiles(Seconds, "sqlite")
def _sqlite(element: Seconds, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - SQLAlchemy's compiler has no type
    since, until = (compiler.process(one, **given) for one in element.clauses)
    return f"((julianday({until}) - julianday({since})) * 86400.0)"


@compiles(Seconds, "postgresql")
def _postgresql(element: Seconds, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    since, until = (compiler.process(one, **given) for one in element.clauses)
    return f"extract(epoch from ({until} - {since}))"


class WholeSeconds(FunctionElement[int]):
    """From one instant to another, to the microsecond and then rounded down, as Python does it; never negative."""

    inherit_cache = True
    type = BigInteger()


class Earliest(FunctionElement[datetime]):
    """The first of several instants; those that are null don't count."""

    inherit_cache = True
    type = Instant()


class Told(FunctionElement[datetime]):
    """An instant as exports tell it: cut to the millisecond."""

    inherit_cache = True
    type = Instant()


class Whole(FunctionElement[int]):
    """A number that isn't negative, rounded down."""

    inherit_cache = True
    type = BigInteger()


class QuarterHour(FunctionElement[int]):
    """Which quarter of an hour since 1970: every zone's hours and days begin with one."""

    inherit_cache = True
    type = BigInteger()


def _parts(element: FunctionElement[Any], compiler: Any, given: dict[str, Any]) -> list[str]:  # noqa: ANN401 - as above
    return [compiler.process(one, **given) for one in element.clauses]


def _micros(at: str) -> str:
    """Of SQLite's text. Its own functions round to milliseconds."""
    return f"(strftime('%s', substr({at}, 1, 19)) * 1000000 + substr({at}, 21, 6))"


@compiles(WholeSeconds, "sqlite")
def _whole_sqlite(element: WholeSeconds, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    since, until = _parts(element, compiler, given)
    return f"(CASE WHEN {until} < {since} THEN 0 ELSE ({_micros(until)} - {_micros(since)}) / 1000000 END)"


@compiles(WholeSeconds, "postgresql")
def _whole_postgresql(element: WholeSeconds, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    since, until = _parts(element, compiler, given)
    seconds = f"floor(extract(epoch from ({until} - {since})))::bigint"
    return f"(CASE WHEN {until} < {since} THEN 0 ELSE {seconds} END)"


@compiles(Earliest, "sqlite")
def _earliest_sqlite(element: Earliest, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    # SQLite's min of several is null when one of them is.
    parts = _parts(element, compiler, given)
    turned = [", ".join(parts[n:] + parts[:n]) for n in range(len(parts))]
    return f"min({', '.join(f'coalesce({one})' for one in turned)})"


@compiles(Earliest, "postgresql")
def _earliest_postgresql(element: Earliest, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    return f"least({', '.join(_parts(element, compiler, given))})"


@compiles(Told, "sqlite")
def _told_sqlite(element: Told, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    (at,) = _parts(element, compiler, given)
    return f"(substr({at}, 1, 23) || '000')"


@compiles(Told, "postgresql")
def _told_postgresql(element: Told, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    (at,) = _parts(element, compiler, given)
    return f"date_trunc('milliseconds', {at})"


@compiles(Whole, "sqlite")
def _rounded_sqlite(element: Whole, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    return f"cast({_parts(element, compiler, given)[0]} as integer)"


@compiles(Whole, "postgresql")
def _rounded_postgresql(element: Whole, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    return f"floor({_parts(element, compiler, given)[0]})::bigint"


@compiles(QuarterHour, "sqlite")
def _quarter_sqlite(element: QuarterHour, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    (at,) = _parts(element, compiler, given)
    return f"(strftime('%s', substr({at}, 1, 19)) / {QUARTER_SECONDS})"


@compiles(QuarterHour, "postgresql")
def _quarter_postgresql(element: QuarterHour, compiler: Any, **given: Any) -> str:  # noqa: ANN401 - as above
    (at,) = _parts(element, compiler, given)
    return f"floor(extract(epoch from {at}) / {QUARTER_SECONDS})::bigint"
