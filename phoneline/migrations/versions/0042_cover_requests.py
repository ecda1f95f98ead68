"""Shifts that somebody gives away, swaps or needs cover for; who was asked; who waits. Yes, no and give by text."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
MEANINGS = ["stop", "start", "help", "danger", "on", "off", "ok", "words"]
ANSWERS = ["yes", "no", "give"]


def upgrade() -> None:
    op.create_table(
        "cover_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hours_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("from_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("by_person_id", sa.String(), nullable=True),
        sa.Column("by_account_id", sa.String(), nullable=True),
        sa.Column("taken_by_id", sa.String(), nullable=True),
        sa.Column("over_at", INSTANT, nullable=True),
        sa.Column("ask_at", INSTANT, nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.CheckConstraint("kind IN ('give_away', 'swap', 'cover')", name=op.f("ck_cover_request_coverkind")),
        sa.CheckConstraint("state IN ('open', 'taken', 'withdrawn', 'late')", name=op.f("ck_cover_request_coverstate")),
        *_numbered("cover_request"),
        _key("cover_request", "hours_id", "shift_hours", "CASCADE"),
        _key("cover_request", "from_id", "person", "CASCADE"),
        _key("cover_request", "by_person_id", "person", "SET NULL"),
        _key("cover_request", "by_account_id", "account", "SET NULL"),
        _key("cover_request", "taken_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_request")),
    )
    _unique_while_open("uq_cover_request_open", "cover_request", "hours_id")
    _unique_while_open("uq_cover_request_number", "cover_request", "number")
    op.create_index("ix_cover_request_over_at", "cover_request", ["over_at"])
    op.create_index("ix_cover_request_hours_id", "cover_request", ["hours_id", "over_at"])
    op.create_table(
        "swap_offer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("hours_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("over_at", INSTANT, nullable=True),
        sa.CheckConstraint("state IN ('open', 'accepted', 'over')", name=op.f("ck_swap_offer_swapstate")),
        *_numbered("swap_offer"),
        _key("swap_offer", "request_id", "cover_request", "CASCADE"),
        _key("swap_offer", "hours_id", "shift_hours", "CASCADE"),
        _key("swap_offer", "person_id", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_offer")),
        sa.UniqueConstraint("request_id", "hours_id", name=op.f("uq_swap_offer_request_id_hours_id")),
    )
    _unique_while_open("uq_swap_offer_number", "swap_offer", "number")
    op.create_index("ix_swap_offer_hours_id", "swap_offer", ["hours_id"])
    op.create_index("ix_swap_offer_over_at", "swap_offer", ["over_at"])
    _make_asked()
    _make_waiting()
    _meanings([*MEANINGS[:-1], *ANSWERS, MEANINGS[-1]])


def _make_asked() -> None:
    op.create_table(
        "cover_asked",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("said_no_at", INSTANT, nullable=True),
        _key("cover_asked", "request_id", "cover_request", "CASCADE"),
        _key("cover_asked", "person_id", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_asked")),
        sa.UniqueConstraint("request_id", "person_id", name=op.f("uq_cover_asked_request_id_person_id")),
    )
    op.create_index("ix_cover_asked_person_id", "cover_asked", ["person_id", "at"])
    op.create_index("ix_cover_asked_at", "cover_asked", ["at"])


def _make_waiting() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hours_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("look_at", INSTANT, nullable=False),
        _key("waiting", "hours_id", "shift_hours", "CASCADE"),
        _key("waiting", "person_id", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("hours_id", "person_id", name=op.f("uq_waiting_hours_id_person_id")),
    )
    op.create_index("ix_waiting_person_id", "waiting", ["person_id"])
    op.create_index("ix_waiting_look_at", "waiting", ["look_at"])


def _key(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _numbered(table: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint("number >= 1", name=op.f(f"ck_{table}_number")),
        sa.CheckConstraint("(state = 'open') = (over_at is null)", name=op.f(f"ck_{table}_open_or_over")),
    ]


def _unique_while_open(name: str, table: str, column: str) -> None:
    rows = sa.text("state = 'open'")
    op.create_index(name, table, [column], unique=True, sqlite_where=rows, postgresql_where=rows)


def _meanings(meanings: list[str]) -> None:
    words = ", ".join(f"'{meaning}'" for meaning in meanings)
    with op.batch_alter_table("text_in") as batch:
        batch.drop_constraint(op.f("ck_text_in_textmeaning"), type_="check")
        batch.create_check_constraint(op.f("ck_text_in_textmeaning"), f"meaning IN ({words})")


def downgrade() -> None:
    op.execute("UPDATE text_in SET meaning = 'words' WHERE meaning IN ('yes', 'no', 'give')")
    _meanings(MEANINGS)
    for table in ("waiting", "cover_asked", "swap_offer", "cover_request"):
        op.drop_table(table)
