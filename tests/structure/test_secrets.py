"""Ids that stand in addresses are guessed by nobody, and tables for spreadsheets are written in one place."""

import uuid
from pathlib import Path
from typing import Any

from sqlalchemy import Integer

from phoneline.legs import new_token
from phoneline.models import Base
from tests.structure.repository import PACKAGES, python_files

OURS_TO_READ = {Path("phoneline/csv_text.py"), Path("phoneline/demo.py")}
"""The demo writes spreadsheets that the line itself takes over: a telephone number begins with a plus there."""
COUNTED = {"pin_try.number"}
"""Of a call, of which it tells one from another: in no address."""


def test_ids_are_random() -> None:
    defaults: list[Any] = [
        table.columns["id"].default for table in Base.metadata.sorted_tables if "id" in table.columns
    ]
    made = [default.arg(None) for default in defaults]
    assert len(set(made)) == len(made)
    assert {uuid.UUID(one).version for one in made} == {4}
    counted = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.primary_key
        if isinstance(column.type, Integer)
    }
    assert counted == COUNTED


def test_tokens_are_long() -> None:
    assert len({new_token() for _ in range(50)}) == 50
    assert len(new_token()) >= 24, "18 bytes as text"


def test_one_function_writes_tables_for_spreadsheets() -> None:
    assert {
        path for path, text in python_files(*PACKAGES) if "csv.writer" in text or "DictWriter" in text
    } <= OURS_TO_READ
