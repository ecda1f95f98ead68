import csv

import pytest

from phoneline import csv_text


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_text_is_a_formula(first: str) -> None:
    [row] = csv.reader([csv_text.line([f"{first}cmd|' /C calc'!A0", "a name"])])
    assert row == [f"'{first}cmd|' /C calc'!A0", "a name"]


def test_what_is_no_text_stays_as_it_is() -> None:
    assert csv_text.line([-5, 0.5, None, True, "a,b", 'say "hi"']) == '-5,0.5,,True,"a,b","say ""hi"""\n'
