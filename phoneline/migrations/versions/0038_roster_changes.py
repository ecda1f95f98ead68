"""Hours that differ from their shift, shifts that ended, whose a login is, and the log of what was changed."""

from datetime import UTC

import sqlalchemy as sa
from alembic import context, op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
LOCAL = sa.DateTime()
ACTS = "made changed ended imported taken given swapped asked withdrawn late confirmed on off undone"
TABLES = ("shift_hours", "duty_hours")
OFF = "not off or starts_at = ends_at"


def upgrade() -> None:
    _lay_out_anew()
    op.add_column("shift", sa.Column("shadow", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("shift", sa.Column("ended_at", INSTANT, nullable=True))
    with op.batch_alter_table("shift") as batch:
        batch.alter_column("shadow", server_default=None)
    for table in TABLES:
        op.add_column(table, sa.Column("occurs_local", LOCAL, nullable=True))
        _say_which_date(table)
        flags = ["kept", "off", *(["shadow"] if table == "shift_hours" else [])]
        for flag in flags:
            op.add_column(table, sa.Column(flag, sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(table) as batch:
            for flag in flags:
                batch.alter_column(flag, server_default=None)
            batch.drop_constraint(op.f(f"uq_{table}_shift_id_starts_at"), type_="unique")
            batch.create_unique_constraint(op.f(f"uq_{table}_shift_id_occurs_local"), ["shift_id", "occurs_local"])
            batch.create_check_constraint(op.f(f"ck_{table}_off"), OFF)
            if table == "duty_hours":
                batch.alter_column("occurs_local", existing_type=LOCAL, nullable=False)
    op.add_column("shift_hours", sa.Column("confirmed_at", INSTANT, nullable=True))
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("person_id", sa.String(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_account_person_id_person"), "person", ["person_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_unique_constraint(op.f("uq_account_person_id"), ["person_id"])
    _make_log()


def _lay_out_anew() -> None:
    """What hasn't begun and is as its shift says is made again by the clock, with its date."""
    for table in TABLES:
        theirs = f"shift.person_id = {table}.person_id OR (shift.person_id IS NULL AND {table}.person_id IS NULL)"
        planned = f"SELECT 1 FROM shift WHERE shift.id = {table}.shift_id AND ({theirs})"  # noqa: S608 - our own tables
        op.execute(f"DELETE FROM {table} WHERE starts_at > CURRENT_TIMESTAMP AND EXISTS ({planned})")  # noqa: S608 - the same
    op.execute("UPDATE shift SET laid_out_until = NULL")


def _say_which_date(table: str) -> None:
    zone = context.config.attributes["line_zone"]
    hours = sa.table(table, sa.column("id"), sa.column("shift_id"), sa.column("starts_at", INSTANT))
    written = sa.table(table, sa.column("id"), sa.column("occurs_local", LOCAL))
    connection = op.get_bind()
    planned = sa.select(hours.c.id, hours.c.starts_at).where(hours.c.shift_id.is_not(None))
    dates = []
    for hours_id, starts_at in connection.execute(planned):
        aware = starts_at if starts_at.tzinfo else starts_at.replace(tzinfo=UTC)
        dates.append({"which": hours_id, "date": aware.astimezone(zone).replace(tzinfo=None)})
    if dates:
        update = written.update().where(written.c.id == sa.bindparam("which"))
        connection.execute(update.values(occurs_local=sa.bindparam("date")), dates)


def _make_log() -> None:
    words = ", ".join(f"'{act}'" for act in ACTS.split())
    op.create_table(
        "roster_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("hours_id", sa.String(), nullable=True),
        sa.Column("shift_id", sa.String(), nullable=True),
        sa.Column("starts_at", INSTANT, nullable=True),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("from_id", sa.String(), nullable=True),
        sa.Column("to_id", sa.String(), nullable=True),
        sa.Column("by_person_id", sa.String(), nullable=True),
        sa.Column("by_account_id", sa.String(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_change")),
        sa.CheckConstraint(f"act IN ({words})", name=op.f("ck_roster_change_rosteract")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_roster_change_{column}_{table}"), ondelete="SET NULL"
            )
            for column, table in (
                ("hours_id", "shift_hours"),
                ("shift_id", "shift"),
                ("from_id", "person"),
                ("to_id", "person"),
                ("by_person_id", "person"),
                ("by_account_id", "account"),
            )
        ),
    )
    op.create_index("ix_roster_change_at", "roster_change", ["at", "id"])
    op.create_index("ix_roster_change_hours_id", "roster_change", ["hours_id", "at"])
    op.create_index("ix_roster_change_shift_id", "roster_change", ["shift_id", "at"])


def downgrade() -> None:
    op.drop_table("roster_change")
    with op.batch_alter_table("account") as batch:
        batch.drop_constraint(op.f("uq_account_person_id"), type_="unique")
        batch.drop_constraint(op.f("fk_account_person_id_person"), type_="foreignkey")
        batch.drop_column("person_id")
    ended = "shift_id IN (SELECT id FROM shift WHERE ended_at IS NOT NULL)"
    op.execute(f"UPDATE shift_hours SET shift_id = NULL WHERE {ended}")  # noqa: S608 - our own words
    op.execute(f"DELETE FROM duty_hours WHERE {ended}")  # noqa: S608 - the same
    op.execute("DELETE FROM shift WHERE ended_at IS NOT NULL")
    # Who learns would be rung for callers.
    op.execute("DELETE FROM shift_hours WHERE off OR shadow")
    op.execute("DELETE FROM duty_hours WHERE off")
    op.execute("DELETE FROM shift WHERE shadow")
    # A date that was moved onto another's time.
    other = "SELECT 1 FROM {0} AS other WHERE other.shift_id = {0}.shift_id AND other.starts_at = {0}.starts_at"
    twice = f"kept AND EXISTS ({other} AND other.id <> {{0}}.id)"
    op.execute("UPDATE shift_hours SET shift_id = NULL WHERE " + twice.format("shift_hours"))  # noqa: S608 - the same
    op.execute("DELETE FROM duty_hours WHERE " + twice.format("duty_hours"))  # noqa: S608 - the same
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_off"), type_="check")
            batch.drop_constraint(op.f(f"uq_{table}_shift_id_occurs_local"), type_="unique")
            batch.create_unique_constraint(op.f(f"uq_{table}_shift_id_starts_at"), ["shift_id", "starts_at"])
            batch.drop_column("occurs_local")
            batch.drop_column("kept")
            batch.drop_column("off")
            if table == "shift_hours":
                batch.drop_column("shadow")
                batch.drop_column("confirmed_at")
    op.drop_column("shift", "ended_at")
    op.drop_column("shift", "shadow")
