"""No test of an adapter reaches the network: sockets connect to the loopback or not at all."""

import socket

import pytest

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NoNetworkError(AssertionError):
    """Something tried to reach another machine."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    real = socket.socket.connect

    def connect(self, address):
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise NoNetworkError(f"a test tried to reach {address}")
        return real(self, address)

    def lookup(host, *rest, **also):
        if host not in (*LOOPBACK, None):
            raise NoNetworkError(f"a test tried to look up {host}")
        return real_lookup(host, *rest, **also)

    real_lookup = socket.getaddrinfo
    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lookup)
