from phoneline import keeping_apart, matching
from phoneline.db import Database
from phoneline.models import Apart, Person
from tests import factories
from tests.phoneline.spreadsheets.sheets import ANN, BOB, CAT, NOW, sheet, take
from tests.phoneline.spreadsheets.test_people import named

HEADER = "name,phone,roles,speaks,prefers,apart_from,rather_not"
BOTH = f"Bob,{BOB},volunteer,,,,"


def pairs(database: Database) -> set[tuple[str, str, bool]]:
    with database.reading() as session:
        names = {one.id: one.name for one in session.query(Person)}
        return {(names[one.person_id], names[one.other_id], one.strict) for one in session.query(Apart)}


def test_what_is_spoken_and_wished_for(database: Database) -> None:
    assert take(database, "people", sheet(HEADER, f"Ann,{ANN},volunteer,fr; es;fr,Grief;woman,,")) == []
    ann = named(database, "Ann")
    assert (ann.speaks, ann.prefers) == (["fr", "es"], ["Grief", "woman"])
    assert take(database, "people", sheet(HEADER, f"Ann,{ANN},volunteer,,,,")) == []
    assert named(database, "Ann").speaks == ["fr", "es"]
    assert take(database, "people", sheet(HEADER, f"Ann,{ANN},volunteer,none,None,,")) == []
    assert (named(database, "Ann").speaks, named(database, "Ann").prefers) == ([], [])


def test_who_is_kept_apart_may_stand_further_down_the_file_and_share_a_number(database: Database) -> None:
    rows = [f"Ann,{ANN},volunteer,,,{CAT},", f"Cat,{CAT},peer,,,,{BOB}", f"Dan,{CAT},peer,,,,", BOTH]
    assert take(database, "people", sheet(HEADER, *rows)) == []
    expected = {("Ann", "Cat", True), ("Ann", "Dan", True), ("Cat", "Bob", False)}
    assert pairs(database) == expected
    before = factories.dump(database)
    assert take(database, "people", sheet(HEADER, *rows)) == []
    assert factories.dump(database) == before
    assert take(database, "people", sheet(HEADER, f"Ann,{ANN},volunteer,,,none,", f"Cat,{CAT},peer,,,,")) == []
    assert pairs(database) == {("Cat", "Bob", False)}
    assert take(database, "people", sheet(HEADER, f"Cat,{CAT},peer,,,,{ANN}")) == []
    assert pairs(database) == {("Cat", "Ann", False)}


def test_an_import_takes_back_nothing_that_was_decided_on_a_page(database: Database) -> None:
    rows = [BOTH, f"Cat,{CAT},peer,,,{BOB},"]
    assert take(database, "people", sheet(HEADER, *rows)) == []
    bob, cat = named(database, "Bob").id, named(database, "Cat").id
    with database.transaction() as session:
        decision_id = factories.apart_decision(session, cat, bob, NOW).id
    assert take(database, "people", sheet(HEADER, f"Cat,{CAT},peer,,,none,none")) == []
    assert pairs(database) == set()
    with database.transaction() as session:
        assert matching.apart_from(session, bob) == {cat}
        assert keeping_apart.lift(session, decision_id, NOW)
        assert matching.apart_from(session, bob) == set()
    assert take(database, "people", sheet(HEADER, *rows)) == []
    with database.reading() as session:
        assert matching.apart_from(session, bob) == {cat}, "what the spreadsheet says holds as well"


def test_a_number_that_is_nobodys_or_their_own_is_refused(database: Database) -> None:
    own = take(database, "people", sheet(HEADER, f"Ann,{ANN},volunteer,,,{ANN},"))
    assert own == ["row 2, column apart_from: has the person's own number; leave it out"]
    unknown = take(database, "people", sheet(HEADER, f"Ann,{ANN},volunteer,,,,{BOB}", f"Cat,{CAT},peer,xx,,12,{ANN}"))
    assert sorted(problem.split(":")[0] for problem in unknown) == [
        "row 2, column rather_not",
        "row 3, column apart_from",
        "row 3, column speaks",
    ]
    assert pairs(database) == set()
