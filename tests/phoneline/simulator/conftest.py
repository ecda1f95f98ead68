from collections.abc import Iterator

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from phoneline.simulator import Network
from tests.phoneline.simulator.product import TOKEN, Product

ACCOUNT = "AC" + "0" * 32
LINE = "+14165550100"


@pytest.fixture
def product() -> Iterator[Product]:
    product = Product()
    yield product
    product.close()
    assert product.forged == []


@pytest.fixture
def net(product: Product) -> Iterator[Network]:
    with Network(
        account_sid=ACCOUNT, auth_token=TOKEN, line_number=LINE, public_url=product.url, speed=40, webhook_timeout=10.0
    ) as net:
        yield net


@pytest.fixture
def client(net: Network) -> Iterator[Client]:
    http = TwilioHttpClient(timeout=1.0)
    client = Client(ACCOUNT, TOKEN, http_client=http)
    client.api.base_url = net.api_url
    yield client
    assert http.session is not None
    http.session.close()
