import pytest

from phoneline import countries
from tests import factories

TORONTO, PARIS = factories.number(1), "+33612345678"


@pytest.mark.parametrize(
    ("number", "country"),
    [
        (TORONTO, "CA"),
        (PARIS, "FR"),
        ("+442079460123", "GB"),
        ("+88213300655", None),  # a satellite
        ("no number", None),
        ("+15555550107", "US"),  # nobody's yet: the first of those that share its code
    ],
)
def test_a_number_has_a_country_or_none(number: str, country: str | None) -> None:
    assert countries.of_number(number) == country


def test_countries_are_read_as_people_write_them() -> None:
    assert countries.codes(" ca, US ,") == ("CA", "US")


def test_only_the_countries_of_the_list_may_be_rung_and_without_a_list_all() -> None:
    assert countries.may_be_rung(TORONTO, ("CA", "US"))
    assert not countries.may_be_rung(PARIS, ("CA", "US"))
    assert not countries.may_be_rung("+88213300655", ("CA", "US"))
    assert countries.may_be_rung(PARIS, ())
