import inspect
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from dashboard import phones
from phoneline.simulator import handset
from phoneline.states import AccountRole
from tests.dashboard import fake_network, pages
from tests.dashboard.fake_network import FakeNetwork
from tests.dashboard.pages import StoppedLine, token
from tests.databases import ONE_KIND


@pytest.fixture
def network() -> Iterator[FakeNetwork]:
    with fake_network.running() as network:
        yield network


@pytest.fixture
def client(line: StoppedLine, network: FakeNetwork) -> FlaskClient:
    settings = pages.settings(line.settings.database_url, TWILIO_API_URL=network.url)
    return pages.logged_in(pages.pages(pages.stopped_line(line.database, settings)), AccountRole.COORDINATOR)


def post(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(path, data=fields, headers={"X-CSRFToken": token(client, "/")})
    return answer.status_code, answer.text


@ONE_KIND
def test_shows_what_the_network_shows(client: FlaskClient, network: FakeNetwork) -> None:
    assert client.get("/phones").status_code == 200
    assert client.get("/phones/state").json == network.state
    assert client.get("/phones/state?since=6").status_code == 200
    assert client.get("/phones/state?since=7").status_code == 204


@ONE_KIND
def test_passes_keys_and_buttons_on(client: FlaskClient, network: FakeNetwork) -> None:
    assert post(client, "/phones/ana/answer") == (204, "")
    assert post(client, "/phones/ana/press", key="#") == (204, "")
    assert network.asked == [
        ("/simulator/handsets/ana/answer", {}),
        ("/simulator/handsets/ana/press", {"key": "#"}),
    ]


@ONE_KIND
def test_passes_a_text_on(client: FlaskClient, network: FakeNetwork) -> None:
    assert post(client, "/phones/ana/text", body=" ON 2468 ") == (204, "")
    assert network.asked == [("/simulator/handsets/ana/text", {"body": "ON 2468"})]


@ONE_KIND
def test_a_refusal_comes_back_as_its_sentence(client: FlaskClient, network: FakeNetwork) -> None:
    network.refuse = "Nobody rings this phone."
    assert post(client, "/phones/ana/answer") == (409, "Nobody rings this phone.")
    network.refuse = "This phone is not ringing."
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    assert post(client, "/phones/ana/answer") == (409, "Ce téléphone ne sonne pas.")


def test_each_sentence_of_the_network_is_in_the_catalogues() -> None:
    refused = re.findall(r'(?:HandsetError\(|ing": )"([^"]+)"', inspect.getsource(handset))
    assert len(refused) >= 6
    assert set(refused) <= set(phones.NETWORK_SAYS)


@ONE_KIND
@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/phones/ana/format", {}, 404),
        ("/phones/ana..b/call", {}, 404),
        ("/phones/ana/press", {"key": "12"}, 400),
        ("/phones/ana/press", {}, 400),
        ("/phones/ana/text", {"body": " "}, 400),
        ("/phones/ana/text", {"body": "x" * 481}, 400),
    ],
)
def test_nothing_else_is_passed_on(
    client: FlaskClient, network: FakeNetwork, path: str, fields: dict[str, str], status: int
) -> None:
    assert post(client, path, **fields)[0] == status
    assert network.asked == []


@ONE_KIND
def test_says_so_when_the_network_is_away(coordinator: FlaskClient) -> None:
    answer = coordinator.get("/phones/state")
    assert answer.status_code == 503
    assert "doesn't answer" in answer.get_json()["sentence"]
    assert post(coordinator, "/phones/ana/call")[0] == 503


@ONE_KIND
def test_a_page_whose_login_has_run_out_hears_so(line: StoppedLine, client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session.clear()
    assert client.get("/phones/state", headers={"Accept": "application/json"}).status_code == 401
