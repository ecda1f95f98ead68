import socket

import pytest

from tests.network_guard import OutsideNetworkError, only_loopback


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "example.com"])
def test_outside_addresses_are_refused(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with only_loopback(), socket.socket(family) as client, pytest.raises(OutsideNetworkError):
        client.connect((address, 80))


def test_outside_names_are_not_looked_up() -> None:
    with only_loopback(), pytest.raises(OutsideNetworkError):
        socket.create_connection(("example.com", 80), timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_allowed(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with only_loopback(), socket.create_connection((host, port), timeout=5) as client:
            assert client.getpeername()[0] == "127.0.0.1"
