# SPDX-License-Identifier: Apache-2.0
"""Lists of publishers are read within bounds: real responses of a server on loopback."""

import socket
import threading
import time

import pytest

from helion_images_panel.api import publishers
from helion_images_panel.api.publishers import Lists, NotRead
from helion_images_panel.catalogue.check import with_size
from helion_images_panel.catalogue.entries import Build, host_of
from tests.publishers import LAST_MODIFIED_DAY, Publishers, Response, gzipped
from tests.unit.catalogue.samples import entry

HOST = "cloud.debian.org"
URL = f"http://{HOST}/images/cloud/trixie/20261117-2299/SHA512SUMS"
PLACE = URL.removeprefix("http://")
HOSTS = frozenset((HOST,))
MIB = 1024**2


@pytest.fixture(autouse=True)
def _no_network():
    """These tests have a server on loopback."""


@pytest.fixture
def server(settings):
    with Publishers().running() as server:
        settings.HELION_IMAGES_CATALOGUE_ACCESS = server.url
        settings.HELION_IMAGES_READ_TIMEOUT_S = 5
        yield server


def read(url=URL, hosts=HOSTS, max_bytes=MIB):
    return Lists(host_of).read(url, hosts, max_bytes)


def refusal(*arguments, **named):
    with pytest.raises(NotRead) as caught:
        read(*arguments, **named)
    return str(caught.value)


def test_a_list_is_read_through_the_proxy(server):
    text, day = read()
    assert "debian-13-genericcloud-amd64-20261117-2299.qcow2" in text
    assert day == LAST_MODIFIED_DAY
    assert server.requested == [URL]


FILE = URL.replace("SHA512SUMS", "debian-13-genericcloud-amd64-20261117-2299.qcow2")


def test_the_size_of_a_file_is_asked_for_without_its_data(server):
    size_bytes = publishers.size_of(FILE, HOSTS, host_of)
    assert size_bytes == len(server.response(FILE).body)
    assert server.requested == [FILE]


@pytest.mark.parametrize(
    "response",
    [
        Response(404),
        Response(503),
        Response(headers={"Content-Length": "-5"}),
        Response(headers={"Content-Length": "9" * 30}),
        Response(headers={"Content-Length": "9" * 14}),
        Response(headers={"Content-Length": "0"}),
        Response(302, headers={"Location": "http://elsewhere.example/a"}),
    ],
    ids=["missing", "busy", "negative", "endless", "too large", "empty", "elsewhere"],
)
def test_a_size_that_is_not_known(server, response):
    server.special[FILE.removeprefix("http://")] = response
    assert publishers.size_of(FILE, HOSTS, host_of) is None


def test_a_size_is_not_asked_for_without_access(server, settings):
    settings.HELION_IMAGES_CATALOGUE_ACCESS = publishers.OFF
    build = Build("1", FILE)
    debian = entry(newest={"layout": "directory", "url": f"http://{HOST}/{{build}}/d.qcow2"})
    assert with_size(debian, build) == build
    assert server.requested == []
    settings.HELION_IMAGES_CATALOGUE_ACCESS = server.url
    assert with_size(debian, build).size_bytes == len(server.response(FILE).body)
    assert with_size(debian, Build("1", FILE, size_bytes=5)).size_bytes == 5
    assert server.requested == [FILE]


def test_without_a_proxy(server, settings):
    settings.HELION_IMAGES_CATALOGUE_ACCESS = "direct"
    url = f"{server.url}/{PLACE}"
    assert read(url, frozenset((host_of(url),)))[0].startswith(read_by_hand(server))


def read_by_hand(server):
    return server.response(URL).body.decode()[:100]


def test_nothing_of_the_environment_is_sent(server, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text(f"machine {HOST} login operator password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", HOST)
    assert read()[0]
    names = {name.lower() for name in server.last_headers}
    assert not names & {"authorization", "cookie", "x-auth-token", "proxy-authorization"}


def test_the_password_of_a_proxy_is_sent_to_it_and_not_repeated(server, settings):
    settings.HELION_IMAGES_CATALOGUE_ACCESS = server.url.replace("//", "//me:secret@")
    assert read()[0]
    assert "Proxy-Authorization" in server.last_headers
    settings.HELION_IMAGES_CATALOGUE_ACCESS = "http://me:secret@127.0.0.1:1"
    assert refusal() == "The proxy is not responding, or refuses the request."


def test_each_list_is_read_once(server):
    lists = Lists(host_of)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(lists.read(URL, HOSTS, MIB))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 5
    assert server.requested == [URL]
    server.special[f"{HOST}/broken"] = Response(500)
    for _ in range(2):
        with pytest.raises(NotRead, match="500"):
            lists.read(f"http://{HOST}/broken", HOSTS, MIB)
    assert len(server.requested) == 2


@pytest.mark.parametrize(("status", "is_missing"), [(404, True), (410, True), (403, False)])
def test_a_status(server, status, is_missing):
    server.special[PLACE] = Response(status, b"<script>alert(1)</script>")
    with pytest.raises(NotRead) as caught:
        read()
    assert str(caught.value) == f"The publisher's server responded with HTTP status {status}."
    assert caught.value.is_missing == is_missing


def redirect(server, target, place=PLACE):
    server.special[place] = Response(302, headers={"Location": target})


@pytest.mark.parametrize("target", [f"http://{HOST}/versions", "/versions", "../../versions"])
def test_a_redirect_within_the_host(server, target):
    server.trees[HOST] |= {"versions": b"found", "images/cloud/versions": b"found"}
    redirect(server, target)
    assert read()[0] == "found"


def test_a_redirect_to_a_host_that_the_entry_names(server):
    redirect(server, "http://factory.talos.dev/versions")
    assert "v1.12.10" in read(hosts=HOSTS | {"factory.talos.dev"})[0]


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("http://factory.talos.dev/versions", "a host that the catalogue does not name"),
        ("http://169.254.169.254/latest/meta-data", "a host that the catalogue does not name"),
        (f"http://{HOST}:8080/versions", "a host that the catalogue does not name"),
        (f"http://{HOST}@127.0.0.1/versions", "a URL that is not valid"),
        (f"http://127.0.0.1#@{HOST}/", "a host that the catalogue does not name"),
        ("//127.0.0.1/versions", "a host that the catalogue does not name"),
        ("file:///etc/passwd", "a URL that is not valid"),
        (f"ftp://{HOST}/versions", "a URL that is not valid"),
        ("http://[/", "a URL that is not valid"),
        (f"http://{HOST}:port/", "a URL that is not valid"),
    ],
)
def test_a_redirect_elsewhere_is_not_followed(server, target, text):
    redirect(server, target)
    assert refusal() == f"The publisher redirects to {text}."
    assert server.requested == [URL]


def test_a_chain_of_redirects_ends(server):
    redirect(server, URL)
    assert refusal() == "The publisher redirects too often."
    assert len(server.requested) == publishers.MAX_REDIRECTS + 1


def test_a_response_of_another_host_is_not_requested(server):
    assert "does not name" in refusal("http://factory.talos.dev/versions")
    assert server.requested == []


@pytest.mark.parametrize("headers", [{}, {"Transfer-Encoding": "chunked"}])
def test_a_large_list_is_not_read(server, headers):
    body = b"a" * (3 * MIB)
    if headers:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        headers = {**headers, "Content-Length": ""}
    server.special[PLACE] = Response(body=body, headers=headers)
    assert refusal() == "The publisher's list is larger than 1 MiB."


def test_a_compressed_list_is_unpacked_up_to_the_bound(server):
    server.special[PLACE] = gzipped(b"found" * 1000)
    assert read()[0] == "found" * 1000
    server.special[PLACE] = gzipped(b"\0" * (20 * MIB))
    assert refusal() == "The publisher's list is larger than 1 MiB."
    server.special[PLACE] = Response(body=b"no gzip", headers={"Content-Encoding": "gzip"})
    assert refusal() == "The publisher's response is damaged."
    server.special[PLACE] = Response(body=b"x", headers={"Content-Encoding": "br"})
    assert "compresses its response in an unknown way" in refusal()


def test_a_slow_list_ends_in_time(server, settings):
    settings.HELION_IMAGES_READ_TIMEOUT_S = 1
    server.special[PLACE] = Response(body=b"a" * 200, pause_s=0.1)
    began = time.monotonic()
    assert refusal() == "The publisher's list did not arrive within 1 seconds."
    assert time.monotonic() - began < 10


def test_a_response_that_ends_too_early(server):
    server.special[PLACE] = Response(body=b"half", headers={"Content-Length": "400"})
    assert refusal() == "The publisher's server could not be reached."


def test_a_server_that_is_not_there(settings):
    settings.HELION_IMAGES_CATALOGUE_ACCESS = "direct"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    assert refusal(url, frozenset((host_of(url),))) == (
        "The publisher's server could not be reached."
    )


def test_bytes_that_are_no_text(server):
    server.special[PLACE] = Response(body=b"\xff\xfe found", headers={"Last-Modified": "soon"})
    text, day = read()
    assert text.endswith(" found")
    assert day == ""
