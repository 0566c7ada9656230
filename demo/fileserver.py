# SPDX-License-Identifier: Apache-2.0
"""A small HTTP server for Image Location, with the misfortunes that one meets there.

=========================  ==================================================
``/<name>``                an image file of the folder
``/slow/<name>?seconds=N``  the same, spread evenly over N seconds
``/cut/<name>``            half of it, then the connection ends
``/once/<key>/<name>``      the same for the first whole download by this key; later ones
                           get all of it
``/busy/<key>/<name>``     503 for two seconds after the first request by this key
``/stall/<name>``          half of it, and then nothing more
``/redirect/<name>``       302 to the file
``/expired/<name>``        302 to an error page that is served as 200
``/elsewhere/<name>``      302 to a port of this machine where nobody may import from
``/page.html``             a web page
``/status/<code>``         an answer with that code
anything else              404
=========================  ==================================================
"""

import argparse
import lzma
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from demo import REPOSITORY, imagefiles
from demo.ports import HOST
from demo.service import Service, search_path
from demo.state import State

MIB = 1024 * 1024
PAGE = b"<!DOCTYPE html><title>Downloads</title><p>Choose a mirror.</p>\n"
BUSY_S = 2
ERROR_PAGE = b"<!DOCTYPE html><title>Expired</title><p>This link has expired.</p>\n"


class FileServer(Service):
    """The server as a service of the cloud."""

    def __init__(self, state: State, name: str = "files") -> None:
        super().__init__(state, name)

    @property
    def offer(self) -> Path:
        """The folder whose files are served; a test may put its own there."""
        return self.folder / "offer"

    def set_up(self) -> None:
        self.offer.mkdir(exist_ok=True)
        for name, content in offered().items():
            (self.offer / name).write_bytes(content)

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "demo.fileserver", str(self.offer), str(self.port)]

    def environment(self) -> Mapping[str, str]:
        return {"PYTHONPATH": search_path(REPOSITORY)}


def offered() -> dict[str, bytes]:
    """The image files on offer, by name."""
    return {
        "cirros-like.qcow2": imagefiles.qcow2(112 * MIB, os.urandom(MIB)),
        "tiny.qcow2": imagefiles.qcow2(MIB),
        "tiny.qcow2.xz": lzma.compress(imagefiles.qcow2(MIB)),
        "tiny.raw": imagefiles.raw(MIB, b"A raw disk without a partition table.\n"),
        "tiny.iso": imagefiles.iso9660("TINY", {"README.TXT": b"A tiny ISO image.\n"}),
        "tiny.vmdk": imagefiles.vmdk(64 * MIB),
        "backed.qcow2": imagefiles.qcow2(MIB, backing_file="/etc/passwd"),
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path
    #: When the first request by each key came.
    began: dict[str, float]
    lock: threading.Lock

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        head, _, name = unquote(parts.path).lstrip("/").rpartition("/")
        if head == "slow":
            self._file(name, seconds=float(parse_qs(parts.query).get("seconds", ["10"])[0]))
        elif head == "cut":
            self._file(name, share=0.5)
        elif head.startswith("once/"):
            self._file(name, share=0.5 if self._is_first_whole(head) else 1)
        elif head.startswith("busy/"):
            self._busy(head, name)
        elif head == "stall":
            self._file(name, share=0.5, stalls=True)
        elif head == "redirect":
            self._redirect(f"/{quote(name)}")
        elif head == "expired":
            self._redirect("/expired.html")
        elif head == "elsewhere":
            self._redirect(f"http://{HOST}:1/{quote(name)}")
        elif head == "status" and name.isdecimal():
            self._answer(int(name), b"", "text/plain")
        elif not head and name == "":
            names = sorted(path.name for path in self.folder.iterdir())
            self._answer(
                HTTPStatus.OK, "".join(f"{each}\n" for each in names).encode(), "text/plain"
            )
        elif not head and name in ("page.html", "expired.html"):
            self._answer(HTTPStatus.OK, PAGE if name == "page.html" else ERROR_PAGE, "text/html")
        elif not head:
            self._file(name)
        else:
            self._missing()

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, code: int, body: bytes, content_type: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _redirect(self, target: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_first_whole(self, key: str) -> bool:
        """Whether nobody has downloaded all of it; who looks at the beginning does not count."""
        if self.command == "HEAD" or "Range" in self.headers:
            return False
        with self.lock:
            is_first = key not in self.began
            self.began.setdefault(key, time.monotonic())
        return is_first

    def _busy(self, key: str, name: str) -> None:
        with self.lock:
            began = self.began.setdefault(key, time.monotonic())
        if time.monotonic() - began < BUSY_S:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b"Busy.\n", "text/plain")
        else:
            self._file(name)

    def _missing(self) -> None:
        self._answer(HTTPStatus.NOT_FOUND, b"No such file.\n", "text/plain")

    def _file(self, name: str, seconds: float = 0, share: float = 1, stalls: bool = False) -> None:
        path = self.folder / name
        if name.startswith(".") or not path.is_file():
            self._missing()
            return
        content = path.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "HEAD":
            return
        steps = max(1, int(seconds * 10))
        sent = int(len(content) * share)
        for step in range(steps):
            self.wfile.write(content[sent * step // steps : sent * (step + 1) // steps])
            self.wfile.flush()
            time.sleep(seconds / steps)
        while stalls:
            time.sleep(1)
        if share < 1:
            self.close_connection = True


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve image files on loopback.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int)
    arguments = parser.parse_args()
    state = {"folder": arguments.folder, "began": {}, "lock": threading.Lock()}
    handler = type("Handler", (_Handler,), state)
    ThreadingHTTPServer((HOST, arguments.port), handler).serve_forever()


if __name__ == "__main__":
    main()
