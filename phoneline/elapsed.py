"""The time between two instants, in seconds, as both databases count it."""

from typing import Any

from sqlalchemy import FunctionElement, Numeric
from sqlalchemy.ext.compiler import compiles


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
