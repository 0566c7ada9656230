# SPDX-License-Identifier: Apache-2.0
"""Every address with values that no page sends, in each parameter that its code reads.

The parameters are recorded while the code reads them, so that a new one is in the walk without
an entry. The values come from a generator that is seeded with the address: a failure is the
same in each run.
"""

import copy
import json
import logging
import random
import re
from html import unescape
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import pytest
from django.http import QueryDict
from django.http.request import HttpHeaders
from django.test import Client
from keystoneauth1 import exceptions as keystone_exc

from helion_images_panel.api import token_user
from tests import factories
from tests.unit.addresses import filled, let_in, person_of, routes

pytestmark = pytest.mark.filterwarnings("error::django.core.cache.CacheKeyWarning")

#: Requests per address and method; each has a value in each of its parameters.
ROUNDS = 6

OWN, FOREIGN = factories.image_id(1), factories.image_id(2)
IMAGES = (
    {"id": OWN},
    {"id": factories.image_id(3), "status": "queued", "size": None},
    {"id": factories.image_id(4), "owner": factories.SIBLING},
    {"id": FOREIGN, "owner": factories.FOREIGN},
    {"id": factories.image_id(5), "owner": factories.FOREIGN, "visibility": "public"},
    {"id": factories.image_id(6), "owner": factories.FOREIGN, "visibility": "shared"},
)
#: Owners whose images the person of a panel may change.
MAY_CHANGE = {
    "project": {factories.PROJECT},
    "admin": {factories.PROJECT, factories.SIBLING},
}

ELSEWHERE = "evil.example"
FORGED = "Set-Cookie: taken=1"
DEEP = 20_000
#: Lists are parameters that stand several times; bytes are not UTF-8.
VALUES = (
    "",
    " ",
    "\0",
    "a\0b",
    "x" * 100_000,
    "-1",
    "0",
    "1e309",
    "NaN",
    "9" * 5_000,
    "\u0663",
    "true",
    "None",
    "[" * DEEP,
    '{"a":' * DEEP,
    "\ud83d",
    b"\xff\xfe",
    "\u202e\u2066gpj.\u2069",
    "<script>alert(1)</script>",
    "{$ 7 * 7 $}",
    "%s %(name)s {0}",
    "../../../etc/passwd",
    f"https://{ELSEWHERE}/",
    f"//{ELSEWHERE}/",
    f"\\\\{ELSEWHERE}/",
    f"a\r\n{FORGED}",
    "in:a,b",
    "1970-01-01",
    "99999-99-99",
    OWN,
    FOREIGN,
    factories.FOREIGN,
    ["a", "b"],
    [FOREIGN, FOREIGN, OWN],
    ["x"] * 40,
)
#: What forms take, so that some requests pass the first checks.
PLAUSIBLE = {
    "action": ("images__delete", f"images__hide__{FOREIGN}", "delete", "protect"),
    "audience": ("domain", "cloud", "projects", "private"),
    "source": ("file", "location"),
    "visibility": ("private", "shared", "public"),
    "disk_format": ("raw", "iso"),
    "id": (OWN, FOREIGN),
    "object_ids": (OWN, FOREIGN),
    "project": (factories.SIBLING, factories.FOREIGN),
    "name": ("a name",),
    "size": ("20",),
}
#: In headers, where servers let through neither control characters nor all sizes.
HEADER_VALUES = ("", "-1", "bytes=0-", "bytes=9-1", "bytes=" + "9" * 400, "\xff", "x" * 4_000)
#: In the path.
IDS = ("0", "\0", "..", "x" * 5_000, f"a\r\n{FORGED}", "\u202e<b>{$a$}", FOREIGN.upper())
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND")
BODIES = (
    ("application/json", b"[" * DEEP),
    ("application/json", b'{"name": {"$gt": ""}, "id": null}'),
    ("application/x-www-form-urlencoded", b"%00=%ff&" * 50 + b"&=&;;name"),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a'),
    ("multipart/form-data", b"--"),
    ("text/plain; charset=no-such", b"\xff\0"),
    ("", b"x"),
)
LEADS_ELSEWHERE = re.compile(
    rf"""(?:href|action|formaction|src)=["']?\s*(?:https?:)?[/\\]{{2}}{ELSEWHERE}"""
)


@pytest.fixture
def read(monkeypatch):
    """The names of parameters and headers that the code has read."""
    names, headers = set(), set()
    get_item, get_list = QueryDict.__getitem__, QueryDict.getlist

    def recorded_item(query, name):
        names.add(name)
        return get_item(query, name)

    def recorded_list(query, name, *args):
        names.add(name)
        return get_list(query, name, *args)

    def recorded_in(query, name):
        names.add(name)
        return dict.__contains__(query, name)

    header_item = HttpHeaders.__getitem__

    def recorded_header(found, name):
        headers.add(name)
        return header_item(found, name)

    monkeypatch.setattr(QueryDict, "__getitem__", recorded_item)
    monkeypatch.setattr(QueryDict, "getlist", recorded_list)
    monkeypatch.setattr(QueryDict, "__contains__", recorded_in, raising=False)
    monkeypatch.setattr(HttpHeaders, "__getitem__", recorded_header)
    return names, headers


@pytest.fixture
def panel(browser, glance, caplog):
    """Images of several owners, and the stores and imports of a large cloud.

    No value makes lines of its own in a log, or a key that memcached refuses.
    """
    for attributes in IMAGES:
        image = glance.add(**{"size": 4, **attributes})
        glance.uploads[image["id"]] = b"data"
    glance.members = {
        OWN: {factories.SIBLING: "accepted"},
        factories.image_id(6): {factories.PROJECT: "pending"},
    }
    glance.stores = [{"id": "fast", "default": "true"}, {"id": "archive"}]
    glance.import_methods = ["glance-direct", "web-download", "copy-image"]
    caplog.set_level(logging.DEBUG, "helion_images_panel")
    yield browser
    # Older releases of Django write the path into lines of their own as it is.
    records = [
        record
        for record in caplog.get_records("call")
        if record.name.startswith("helion_images_panel")
    ]
    lines = [line for record in records for line in record.getMessage().splitlines()]
    assert not [line for line in lines if line.startswith((FORGED, "The cache fails"))]


def others(glance, route):
    """What a person of the panel may not change: images of others, and their members.

    The answer of their own project to an offer is theirs.
    """
    mine = MAY_CHANGE[route.split("/")[1]]
    return copy.deepcopy(
        {
            id_: (image, {k: v for k, v in glance.members.get(id_, {}).items() if k not in mine})
            for id_, image in glance.images.items()
            if image["owner"] not in mine
        }
    )


def fields_of(chance, names):
    """A value, a plausible one, or nothing for each parameter."""
    fields = []
    for name in sorted(names):
        kind = chance.random()
        value = chance.choice(VALUES if kind > 0.4 else PLAUSIBLE.get(name, VALUES))
        if kind > 0.15:
            fields += [(name, each) for each in (value if isinstance(value, list) else [value])]
    return fields


def coin(chance):
    return chance.random() > 0.5


def encoded(fields):
    return urlencode(fields, errors="surrogatepass")


def check(response, what):
    """An answer in words, or a page; it leads nowhere else."""
    status = response.status_code
    assert status < 500, what
    for header in ("Location", "X-Horizon-Location"):
        assert ELSEWHERE not in response.get(header, "").split("?")[0], what
    assert "taken" not in response.cookies, what
    if response.streaming:
        response.close()
        return
    text = response.content.decode()
    assert "Traceback (most recent call last)" not in text, what
    assert not LEADS_ELSEWHERE.search(unescape(text)), what
    if status >= 400 and status != 405 and response.wsgi_request.method != "HEAD":
        is_json = "json" in response["Content-Type"]
        said = json.loads(text).get("reason", "") if is_json else text
        assert said.strip(), what


def ask(browser, method, path, fields, **extra):
    body = encoded(fields)
    query = body if len(body) < 200_000 else ""
    address = f"{path}?{query}"
    if method in ("GET", "HEAD", "OPTIONS"):
        return browser.generic(method, address, **extra)
    form = "application/x-www-form-urlencoded"
    return browser.generic(method, address, body.encode(), content_type=form, **extra)


@pytest.fixture(autouse=True)
def _unknown_tokens(monkeypatch):
    """Keystone knows none of the values that a script may send as a token."""

    def unknown(_token):
        raise keystone_exc.NotFound()

    client = SimpleNamespace(tokens=SimpleNamespace(get_token_data=unknown))
    monkeypatch.setattr(token_user, "keystone", SimpleNamespace(Client=lambda **_: client))


@pytest.mark.parametrize("route", routes())
def test_no_value_is_too_much_for_an_address(panel, glance, monkeypatch, read, route):
    let_in(monkeypatch, route)
    panel.login_as(person_of(route))
    names, headers = read
    chance = random.Random(route)  # noqa: S311
    before, own = others(glance, route), copy.deepcopy((glance.images, glance.members))
    for number in range(2 * ROUNDS):
        method = "GET" if number < ROUNDS else "POST"
        path = filled(route, FOREIGN if number % ROUNDS == 1 else OWN)
        fields = fields_of(chance, {*names, "next", "redirect", "success_url"})
        sent = {name: chance.choice(HEADER_VALUES) for name in sorted(headers) if coin(chance)}
        sent["Referer"] = f"https://{ELSEWHERE}/project/images/"
        if number % 3:
            sent["X-Requested-With"] = "XMLHttpRequest"
        what = f"{method} {path} {fields} {sent}"[:3000]
        check(ask(panel, method, path, fields, headers=sent), what)
        assert others(glance, route) == before, what
        glance.images, glance.members = copy.deepcopy(own)
    assert names


@pytest.mark.parametrize("route", routes())
def test_no_method_and_no_body_is_too_much(panel, glance, monkeypatch, route):
    let_in(monkeypatch, route)
    panel.login_as(person_of(route))
    before = others(glance, route)
    script = {"x-requested-with": "XMLHttpRequest"}
    for method in METHODS:
        response = panel.generic(method, filled(route, FOREIGN), b"", "", headers=script)
        check(response, f"{method} {route}")
    for content_type, body in BODIES:
        for method in ("POST", "PUT"):
            response = panel.generic(method, filled(route, OWN), body, content_type)
            check(response, f"{method} {route} {content_type}")
    assert others(glance, route) == before


@pytest.mark.parametrize("value", IDS, ids=lambda value: ascii(value[:20]))
def test_no_id_is_too_much(panel, glance, monkeypatch, value):
    before = copy.deepcopy((glance.images, glance.members))
    script = {"x-requested-with": "XMLHttpRequest"}
    # Without a token, its request is refused.
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = panel.cookies
    for route in routes():
        if filled(route, "") == route:
            continue
        with monkeypatch.context() as patched:
            let_in(patched, route)
            panel.login_as(person_of(route))
            for client, method in ((panel, "GET"), (panel, "POST"), (strict, "POST")):
                response = client.generic(method, filled(route, quote(value)), headers=script)
                check(response, f"{method} {route}")
    assert (glance.images, glance.members) == before


def test_the_walk_reads_what_the_pages_send(panel, glance, monkeypatch, read):
    """The recording works: parameters of lists, forms and scripts are among what it finds."""
    for route in routes():
        with monkeypatch.context() as patched:
            let_in(patched, route)
            panel.login_as(person_of(route))
            for method in (panel.get, panel.post):
                method(filled(route, OWN), headers={"x-requested-with": "XMLHttpRequest"})
    names, headers = read
    assert {"name", "sort", "marker", "action", "id", "audience", "visibility", "q"} <= names
    assert "X-Helion-Images-Page" in headers
