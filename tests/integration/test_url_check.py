# SPDX-License-Identifier: Apache-2.0
"""Check URL: what the dashboard says of a URL, with a real server there and a real Glance."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from demo.cloud import Cloud
from demo.ports import HOST
from helion_images_panel.core.import_filters import ImportFilters
from tests import releases
from tests.dashboards import dashboard
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.panels import PROJECT

SIGNATURE = "s3cr3t-signature-of-a-url"

#: Seconds within which a user has an answer, whatever the server does.
ANSWERED_S = 15

MIB = 1024 * 1024


def post(person: Dashboard, location: str, path: str = PROJECT.create, **fields: str) -> Page:
    return person.post(
        path, {"check_url": "true", "source": "location", "location": location, **fields}
    )


def check(person: Dashboard, location: str, **fields: str) -> dict[str, Any]:
    page = post(person, location, **fields)
    assert page.status == 200, page.text[:300]
    return dict(page.response.json())


@pytest.fixture
def offered(cloud: Cloud) -> Iterator[Callable[[str, bytes], str]]:
    """Puts a file onto the file server, and returns its URL."""
    made: list[Path] = []

    def offer(name: str, content: bytes) -> str:
        made.append(cloud.files.offer / name)
        made[-1].write_bytes(content)
        return f"{cloud.files.url}/{name}"

    yield offer
    for file in made:
        file.unlink()


@pytest.mark.parametrize(
    ("path", "disk_format", "virtual_bytes"),
    [
        ("/tiny.qcow2", "qcow2", MIB),
        ("/redirect/tiny.qcow2", "qcow2", MIB),
        ("/tiny.iso", "iso", None),
        ("/tiny.vmdk", "vmdk", 64 * MIB),
        ("/tiny.raw", "raw", None),
    ],
)
def test_a_file(
    person: Callable[[str], Dashboard],
    cloud: Cloud,
    path: str,
    disk_format: str,
    virtual_bytes: int | None,
) -> None:
    told = check(person("bob"), cloud.files.url + path)
    name = path.rpartition("/")[2]
    assert "problem" not in told
    values, rows = told["values"], dict(map(tuple, told["rows"]))
    assert (values["format"], values["virtual_bytes"]) == (disk_format, virtual_bytes)
    assert values["size_bytes"] == (cloud.files.offer / name).stat().st_size
    assert values["file_name"] == rows["File"] == name
    assert ("Redirects to" in rows) == path.startswith("/redirect/")
    assert told["notes"] == ["The image service downloads from such URLs."]


def test_what_is_said_of_a_url_is_what_glance_does(
    person: Callable[[str], Dashboard], cloud: Cloud, images: Images
) -> None:
    told = check(person("bob"), "http://localhost:1/a.qcow2")
    assert told["problem"] == (
        "The image service does not download from port 1. Ask the cloud's operator to allow it, "
        "or upload the image as a file."
    )
    form = person("bob").get(PROJECT.create).form("disk_format")
    page = person("bob").submit(
        form,
        name="refused",
        disk_format="raw",
        audience=None,
        source="location",
        location="http://localhost:1/a.qcow2",
    )
    assert any("does not download images from that URL" in e for e in page.form("location").errors)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/nothing.qcow2", "There is no file at this URL (HTTP status 404)."),
        ("/status/410", "There is no file at this URL (HTTP status 410)."),
        ("/status/403", "The file may need a login"),
        (f"/status/403?X-Amz-Signature={SIGNATURE}", "The signed URL may have expired"),
        ("/status/503", "The server reports an error (HTTP status 503)."),
        ("/page.html", "The URL leads to a web page, not to an image file."),
        ("/expired/a.qcow2", "The URL leads to a web page, not to an image file."),
        (f"/elsewhere/a.qcow2?token={SIGNATURE}", "does not download from port 1."),
    ],
)
def test_what_leads_to_no_image(
    person: Callable[[str], Dashboard], cloud: Cloud, path: str, problem: str
) -> None:
    began = cloud.horizon.log.stat().st_size
    page = post(person("carol"), cloud.files.url + path)
    assert problem in page.response.json()["problem"]
    assert SIGNATURE not in page.text
    with cloud.horizon.log.open("rb") as log:
        log.seek(began)
        logged = log.read().decode(errors="replace")
    assert "check_url" in logged
    assert SIGNATURE not in logged


def test_a_signed_url_of_a_file(
    person: Callable[[str], Dashboard], cloud: Cloud, offered: Callable[[str, bytes], str]
) -> None:
    """Its signature is in no response, and nobody else gets it: no list is asked for."""
    digits = hashlib.sha256((cloud.files.offer / "tiny.qcow2").read_bytes()).hexdigest()
    offered("SHA256SUMS", f"{digits}  tiny.qcow2\n".encode())
    page = post(person("gina"), f"{cloud.files.url}/redirect/tiny.qcow2?signature={SIGNATURE}")
    told = page.response.json()
    assert told["values"]["format"] == "qcow2"
    assert told["checksum"] is None
    assert SIGNATURE not in page.text


@pytest.mark.parametrize("list_name", ["SHA256SUMS", "tiny.qcow2.sha256", "CHECKSUM"])
def test_a_checksum_beside_the_file(
    person: Callable[[str], Dashboard],
    cloud: Cloud,
    offered: Callable[[str, bytes], str],
    list_name: str,
) -> None:
    digits = hashlib.sha256((cloud.files.offer / "tiny.qcow2").read_bytes()).hexdigest()
    text = f"SHA256 (tiny.iso) = {'0' * 64}\nSHA256 (tiny.qcow2) = {digits}\n"
    offered(list_name, text.encode())
    told = check(person("gina"), f"{cloud.files.url}/tiny.qcow2")
    assert told["checksum"]["value"] == f"sha256:{digits}"
    assert f"file {list_name} has the SHA-256 checksum" in told["checksum"]["text"]


def test_a_name_that_tells_the_system(
    person: Callable[[str], Dashboard], cloud: Cloud, offered: Callable[[str, bytes], str]
) -> None:
    content = (cloud.files.offer / "tiny.qcow2").read_bytes()
    url = offered("ubuntu-24.04-server-cloudimg-amd64.img", content)
    values = check(person("gina"), url)["values"]
    assert (values["os_distro"], values["os_version"]) == ("ubuntu", "24.04")
    # The content counts, and not what the name says of the format.
    assert (values["architecture"], values["format"]) == ("x86_64", "qcow2")


def test_a_server_that_is_slow(person: Callable[[str], Dashboard], cloud: Cloud) -> None:
    began = time.monotonic()
    told = check(person("gina"), f"{cloud.files.url}/slow/cirros-like.qcow2?seconds=120")
    assert time.monotonic() - began < ANSWERED_S
    assert told["values"]["format"] == "qcow2"


def test_who_may_ask(person: Callable[[str], Dashboard], cloud: Cloud, images: Images) -> None:
    url = f"{cloud.files.url}/tiny.qcow2"
    assert post(person("reader"), url).status == 403
    assert post(person("alice"), url, source="telepathy").status == 403
    answer = person("anonymous").post(PROJECT.create, {"check_url": "true", "location": url})
    assert answer.is_login or answer.status in (401, 403)
    forged = person("alice").request(
        "POST", PROJECT.create, data={"check_url": "true", "source": "location", "location": url}
    )
    assert forged.status == 403
    # Upload Data asks likewise, of an image that the user may change.
    path = PROJECT.upload_data(images.make("waits", data=None))
    assert post(person("alice"), url, path).response.json()["values"]["format"] == "qcow2"
    assert post(person("gina"), url, path).status == 404


def test_hosts_that_the_operator_has_not_named(cloud: Cloud) -> None:
    """What is on loopback, and what is nowhere, is one answer: it reveals no internal network."""
    settings = {"HELION_IMAGES_URL_CHECK_HOSTS": [], "OPERATION_LOG_ENABLED": False}
    with dashboard(cloud, "strict", settings) as horizon:
        alice = Dashboard(horizon.url).log_in(cloud.user("alice"))
        problems = {
            check(alice, f"http://{host}/a.qcow2")["problem"].replace(host, "HOST")
            for host in (
                HOST,
                "localhost",
                "169.254.169.254",
                "10.0.0.1",
                "no-such-host.invalid",
            )
        }
        assert len(problems) == 1, problems
        told = check(alice, f"{cloud.files.url}/tiny.qcow2")
        assert told["problem"].startswith("By default, the image service does not download from")


def test_without_the_check(cloud: Cloud) -> None:
    with dashboard(cloud, "unchecked", {"HELION_IMAGES_URL_CHECK": False}) as horizon:
        alice = Dashboard(horizon.url).log_in(cloud.user("alice"))
        assert "data-hip-url-check" not in alice.get(PROJECT.create).text
        assert post(alice, f"{cloud.files.url}/tiny.qcow2").status == 403


def test_a_user_who_asks_too_often(person: Callable[[str], Dashboard], cloud: Cloud) -> None:
    url = f"{cloud.files.url}/nothing.qcow2"
    problems = [check(person("acme-admin"), url)["problem"] for _ in range(21)]
    assert problems[-1].startswith("You have checked many URLs.")
    assert all(problem.startswith("There is no file") for problem in problems[:3])


#: Options of Glance, with which the rules of this panel are compared with its own.
OPTIONS: tuple[Mapping[str, Any], ...] = (
    {},
    {"allowed_hosts": ["127.0.0.1"]},
    {"disallowed_hosts": ["127.0.0.1", "10.0.0.1"]},
    {"allowed_hosts": ["127.0.0.1"], "disallowed_hosts": ["127.0.0.1"]},
    {"allowed_ports": [8080]},
    {"allowed_ports": [], "disallowed_ports": [8080]},
    {"allowed_schemes": [], "disallowed_schemes": ["http"]},
    {"allowed_schemes": ["https"]},
)
URLS = (
    *("http://127.0.0.1/a", "https://127.0.0.1/a", "http://127.0.0.1:8080/a"),
    *("http://10.0.0.1/a", "http://10.0.0.1:8080/a", "http://10.0.0.1:80/a"),
    *("http://169.254.169.254/a", "http://[::1]/a", "http://[::ffff:127.0.0.1]/a"),
    *("http://2130706433/a", "http://127.1/a", "ftp://10.0.0.1/a", "http://8.8.8.8/a"),
)

GLANCE = """
import json, sys
from glance.common import config, utils
group = utils.CONF.import_filtering_opts
for options in json.load(sys.stdin):
    for name, value in options["options"].items():
        utils.CONF.set_override(name, value, "import_filtering_opts")
    print(json.dumps([utils.validate_uri(url) for url in options["urls"]]))
    for name in options["options"]:
        utils.CONF.clear_override(name, "import_filtering_opts")
"""


@releases.filters_addresses
def test_the_rules_are_those_of_glance() -> None:
    """Addresses, not names: nothing is resolved."""
    pytest.importorskip("glance")
    asked = [{"options": dict(options), "urls": URLS} for options in OPTIONS]
    ran = subprocess.run(
        [sys.executable, "-c", GLANCE],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    for options, line in zip(OPTIONS, ran.stdout.splitlines(), strict=True):
        filters = ImportFilters.of_options(options)
        for url, is_allowed in zip(URLS, json.loads(line), strict=True):
            address = url.partition("//")[2].partition("/")[0]
            address = address.strip("[]") if address.startswith("[") else address.partition(":")[0]
            ours = not filters.refusal(url) and not filters.refuses_address(url, address)
            assert ours == is_allowed, (options, url)
