"""Days that are unlike others."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Id


class Holiday(Base):
    """A local day of the line with a name of its own."""

    __tablename__ = "holiday"

    id: Mapped[Id]
    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str]
    no_shifts: Mapped[bool]
    """Shifts that come again don't take place on it; what was made for this very day does."""
