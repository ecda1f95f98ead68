"""Keeps the suite to this machine: whoever would reach further fails at once, by name."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


class OutsideNetworkError(RuntimeError):
    """A test tried to leave this machine."""


def is_inside(family: int, address: Any) -> bool:
    """Whether a socket of that family may connect there: a unix socket, or a loopback address."""
    if family == socket.AF_UNIX:
        return True
    return family in (socket.AF_INET, socket.AF_INET6) and _is_loopback(address[0])


@contextmanager
def only_loopback() -> Iterator[None]:
    """Within it, this process looks up no outside name and connects to no outside address."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _insist(is_inside(self.family, address), address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _insist(is_inside(self.family, address), address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _insist(host is None or _is_loopback(host), host)
        return getaddrinfo(host, *args, **kwargs)

    with (
        mock.patch.object(socket.socket, "connect", guarded_connect),
        mock.patch.object(socket.socket, "connect_ex", guarded_connect_ex),
        mock.patch.object(socket, "getaddrinfo", guarded_getaddrinfo),
    ):
        yield


def _insist(allowed: bool, where: object) -> None:
    if not allowed:
        raise OutsideNetworkError(f"Tests stay on this machine; this one wanted {where!r}.")


def _is_loopback(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
