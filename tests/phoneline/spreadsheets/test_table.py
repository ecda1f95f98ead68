import pytest

from phoneline.spreadsheets import cells
from phoneline.spreadsheets.table import Column, RefusedError, Table, read

COLUMNS = (
    Column("phone", cells.phone, needed=True, filled=True),
    Column("name", cells.name, needed=True),
    Column("ready", cells.yes_or_no),
)


def table(data: bytes) -> Table:
    return read(data, COLUMNS, lambda row: row["phone"])


def problems(data: bytes) -> list[str]:
    try:
        return [str(problem) for problem in table(data).problems]
    except RefusedError as error:
        return [str(problem) for problem in error.problems]


@pytest.mark.parametrize(
    "data",
    [
        b"phone,name\r\n+14165550101,Ann\r\n",
        b"\xef\xbb\xbfname,phone\nAnn,+14165550101\n",
        b"ready,name,phone\n,  Ann ,+14165550101",
        b'name , "phone"\n"Ann","+14165550101"\n\n,\n'.replace(b', "phone"', b',"phone"'),
    ],
)
def test_order_marks_spaces_and_blank_lines_make_no_difference(data: bytes) -> None:
    [row] = table(data).rows
    assert (row["phone"], row["name"], row["ready"]) == ("+14165550101", "Ann", None)
    assert problems(data) == []


def test_a_header_alone_is_fine() -> None:
    assert table(b"phone,name\n") == Table([], [])


def test_rows_count_as_a_spreadsheet_shows_them() -> None:
    data = 'phone,name\n+14165550101,"Ann\nof the\nHill"\n\n+1416,"Zoë, 李"\n'.encode()
    assert table(data).rows[0]["name"] == "Ann of the Hill"
    [problem] = problems(data)
    assert problem.startswith("row 4, column phone: must be a phone number in E.164")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ["row 1, column phone: is missing", "row 1, column name: is missing"]),
        (b"phone,name,age\n", ["row 1, column age: there is no such column"]),
        (b"phone,name,phone\n", ["row 1, column phone: stands there twice"]),
        (b"phone,name,\n", ["row 1, column 3: has no name"]),
        (b"name\nAnn\n", ["row 1, column phone: is missing"]),
        (b"phone;name\n", ["row 1, column phone;name: columns are separated by commas"] + ["row 1, column"] * 2),
        ("phone,name\n+14165550101,Zoë\n".encode("latin-1"), ["row 2: not UTF-8 text; save the file as CSV UTF-8"]),
        ("phone,name\n".encode("utf-16"), ["row 1: not UTF-8"]),
        (b'phone,name\n+14165550101,"Ann\n', ["row 2: not CSV"]),
        (b'phone,name\n+14165550101,Ann\n+14165550102,"Bob"by\n', ["row 3: not CSV"]),
        (b'"phone,name\n', ["row 1: not CSV"]),
        (b"phone,name\n+14165550101\n", ["row 2, column name: the row has 1 cells and the header 2"]),
        (b"phone,name\n+14165550101,Lee, Ann\n", ["row 2, column 3: the row has 3 cells and the header 2"]),
        (b"phone,name\n,Ann\n", ["row 2, column phone: is blank"]),
        (
            b"phone,name,ready\n5550101,Ann,maybe\n",
            ["row 2, column phone: must", "row 2, column ready: must be yes or no"],
        ),
        (
            b"phone,name\n+14165550101,A\n+14165550102,B\n+14165550101,C\n",
            ["row 4, column phone: says the same as row 2"],
        ),
        (b"phone,name\n+14165550101,Ann\x07\n", ["row 2, column name: has characters"]),
    ],
)
def test_what_is_wrong_is_said_by_row_and_column(data: bytes, expected: list[str]) -> None:
    found = problems(data)
    assert len(found) == len(expected), found
    assert all(said.startswith(start) for said, start in zip(found, expected, strict=True)), found


def test_all_that_is_wrong_is_said_at_once() -> None:
    data = b"phone,name,ready\n1,A,yes\n2,B,no\n,,x\n"
    assert [said.split(":")[0] for said in problems(data)] == [
        "row 2, column phone",
        "row 3, column phone",
        "row 4, column phone",
        "row 4, column ready",
    ]
