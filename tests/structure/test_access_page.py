"""docs/access.md says who may what as the code does."""

from dashboard import access
from phoneline.states import AccountRole
from tests.structure.test_docs import first_table, page

ROLES = (AccountRole.VOLUNTEER, AccountRole.COORDINATOR, AccountRole.ADMIN)


def test_every_page_stands_in_one_area_with_the_roles_that_may() -> None:
    told: dict[str, set[AccountRole]] = {}
    for _area, *may, code in first_table(page("docs/access.md")):
        assert set(may) <= {"yes", ""}
        for name in code.replace("`", "").split(", "):
            assert name not in told, name
            told[name] = {role for role, yes in zip(ROLES, may, strict=True) if yes}
    named = {endpoint if endpoint in told else endpoint.partition(".")[0] for endpoint in access.MAY}
    assert named == set(told)
    for endpoint, roles in access.MAY.items():
        assert (told[endpoint] if endpoint in told else told[endpoint.partition(".")[0]]) == set(roles), endpoint
