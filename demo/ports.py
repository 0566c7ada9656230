# SPDX-License-Identifier: Apache-2.0
"""Free TCP ports on loopback."""

import socket
from collections.abc import Iterable

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def first_free(start: int, tries: int = 100) -> int:
    """The first free port from ``start`` upwards."""
    for port in range(start, start + tries):
        if is_free(port):
            return port
    raise OSError(f"no free port from {start} to {start + tries - 1}")


def assign(wanted: dict[str, int | None], taken: Iterable[int] = ()) -> dict[str, int]:
    """A free port for each name: the wanted one where it can be had.

    The ports in ``taken`` are given to nobody.
    """
    ports: dict[str, int] = {}
    for name, port in wanted.items():
        if port and port not in ports.values() and port not in taken and is_free(port):
            ports[name] = port
    for name in wanted:
        while name not in ports:
            with socket.socket() as probe:
                probe.bind((HOST, 0))
                port = probe.getsockname()[1]
            if port not in ports.values() and port not in taken:
                ports[name] = port
    return ports
