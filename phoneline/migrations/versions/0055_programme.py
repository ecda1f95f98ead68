"""The programme: activities, who comes, and callers who hear of it."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _to(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _activities() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("starts_local", sa.DateTime(), nullable=False),
        sa.Column("ends_local", sa.DateTime(), nullable=False),
        sa.Column("rrule", sa.String(), nullable=False),
        sa.Column("until_local", sa.DateTime(), nullable=True),
        sa.Column("kind", _word("activitykind", "phone", "online", "in_person"), nullable=False),
        sa.Column("held_in", sa.JSON(), nullable=False),
        sa.Column("interests", sa.JSON(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("by_key", sa.Boolean(), nullable=False),
        sa.Column("shown_from", sa.Date(), nullable=True),
        sa.Column("shown_until", sa.Date(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint("starts_local < ends_local", name=op.f("ck_activity_order")),
        sa.CheckConstraint("places > 0", name=op.f("ck_activity_places")),
        sa.CheckConstraint("shown_from <= shown_until", name=op.f("ck_activity_shown")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_table(
        "activity_words",
        sa.Column("activity_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        _to("activity_words", "activity_id", "activity", "CASCADE"),
        sa.PrimaryKeyConstraint("activity_id", "language", name=op.f("pk_activity_words")),
    )
    op.create_table(
        "activity_off",
        sa.Column("activity_id", sa.String(), nullable=False),
        sa.Column("occurs_local", sa.DateTime(), nullable=False),
        sa.Column("instead_id", sa.String(), nullable=True),
        _to("activity_off", "activity_id", "activity", "CASCADE"),
        _to("activity_off", "instead_id", "activity", "SET NULL"),
        sa.PrimaryKeyConstraint("activity_id", "occurs_local", name=op.f("pk_activity_off")),
    )


def _signups() -> None:
    op.create_table(
        "activity_signup",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("activity_id", sa.String(), nullable=False),
        sa.Column("occurs_local", sa.DateTime(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_hash", sa.String(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_account_id", sa.String(), nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("came_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "person_id is not null or number_hash is not null or name is not null", name=op.f("ck_activity_signup_who")
        ),
        sa.CheckConstraint("(number is null) = (number_hash is null)", name=op.f("ck_activity_signup_number")),
        _to("activity_signup", "activity_id", "activity", "CASCADE"),
        _to("activity_signup", "person_id", "person", "CASCADE"),
        _to("activity_signup", "by_account_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_signup")),
        sa.UniqueConstraint(
            *("activity_id", "occurs_local", "person_id"),
            name=op.f("uq_activity_signup_activity_id_occurs_local_person_id"),
        ),
        sa.UniqueConstraint(
            *("activity_id", "occurs_local", "number_hash"),
            name=op.f("uq_activity_signup_activity_id_occurs_local_number_hash"),
        ),
    )
    rows = sa.text("person_id is not null")
    op.create_index(
        "ix_activity_signup_person_id", "activity_signup", ["person_id"], sqlite_where=rows, postgresql_where=rows
    )


def _changes() -> None:
    op.create_table(
        "activity_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("act", _word("activityact", "made", "changed", "ended", "undone"), nullable=False),
        sa.Column("activity_id", sa.String(), nullable=True),
        sa.Column("was_id", sa.String(), nullable=True),
        sa.Column("by_account_id", sa.String(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        _to("activity_change", "activity_id", "activity", "SET NULL"),
        _to("activity_change", "was_id", "activity", "SET NULL"),
        _to("activity_change", "by_account_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_change")),
    )
    op.create_index("ix_activity_change_activity_id", "activity_change", ["activity_id", "at"])


def upgrade() -> None:
    _activities()
    _signups()
    _changes()
    op.create_table(
        "programme_visit",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("page", _word("programmepage", "item", "choice", "number", "more", "person", "over"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("news", sa.String(), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        _to("programme_visit", "call_id", "call", "CASCADE"),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_programme_visit")),
    )
    with op.batch_alter_table("access_log") as batch:
        batch.add_column(sa.Column("signup_id", sa.String(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_access_log_signup_id_activity_signup"),
            "activity_signup",
            ["signup_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("access_log") as batch:
        batch.drop_constraint(op.f("fk_access_log_signup_id_activity_signup"), type_="foreignkey")
        batch.drop_column("signup_id")
    for table in (
        *("programme_visit", "activity_change", "activity_signup", "activity_off", "activity_words", "activity"),
    ):
        op.drop_table(table)
