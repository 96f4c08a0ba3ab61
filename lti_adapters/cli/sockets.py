"""Ports to serve at. They are bound before anything starts, so that one in use is a sentence, not a traceback."""

import errno
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import click

Sockets = Sequence[socket.socket]

_TRIES = 20
_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)  # an address of the name that this machine does not have


class PortInUse(click.ClickException):
    """Another program listens there."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is in use by another program: choose another one with --port.")


def listen(host: str, port: int) -> Sockets:
    """Sockets that listen at `port` on every address that `host` stands for; at 0, at one port that is free.

    Raises:
        PortInUse: on one of the addresses.
        click.ClickException: there is no such host, or this user must not listen there.
    """
    for _ in range(_TRIES):
        try:
            return _bound(host, port)
        except PortInUse:
            if port:
                raise
    raise PortInUse(port)


def listen_from(host: str, port: int) -> Sockets:
    """As `listen`, at the first port that is free from `port` on."""
    for candidate in range(port, min(port + _TRIES, 65536)):
        try:
            return listen(host, candidate)
        except PortInUse:
            continue
    raise PortInUse(port)


def port_of(sockets: Sockets) -> int:
    """The port that they listen at."""
    port: int = sockets[0].getsockname()[1]
    return port


def _bound(host: str, port: int) -> Sockets:
    with ExitStack() as closing:
        sockets: list[socket.socket] = []
        for family, address in _addresses(host, port):
            found = closing.enter_context(socket.socket(family, socket.SOCK_STREAM))
            if _bind(found, (address[0], port or (port_of(sockets) if sockets else 0), *address[2:])):
                sockets.append(found)
        if not sockets:
            raise click.ClickException(f"This machine does not have the address {host}.")
        closing.pop_all()
    return sockets


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, Any]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise click.ClickException(f"There is no host {host}: {error.strerror}.") from error
    return [(family, address) for family, _, _, _, address in found]


def _bind(found: socket.socket, address: Any) -> bool:
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if found.family == socket.AF_INET6:
        found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        found.bind(address)
        found.listen(128)
    except OSError as error:
        if error.errno in _NOT_HERE:
            return False
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(address[1]) from error
        raise click.ClickException(f"Cannot listen at port {address[1]}: {error.strerror}.") from error
    return True
