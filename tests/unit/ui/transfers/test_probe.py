# SPDX-License-Identifier: Apache-2.0
"""The address without a login to which the check of an installation sends a body."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.urls import get_resolver, reverse

from helion_images_panel.core import probe
from helion_images_panel.ui.transfers import probe as view
from helion_images_panel.ui.transfers.probe import WithoutLogin
from tests import factories
from tests.unit.permissions import path

URL = f"/project/images/{probe.PATH}"
SIZE = 200_000

Put = Callable[..., Any]


@pytest.fixture
def anonymous(browser: Any) -> Any:
    return browser.login_as(AnonymousUser())


@pytest.fixture
def put(anonymous: Any) -> Put:
    def send(body: bytes = b"x", signature: str | None = None, **extra: Any) -> Any:
        headers = {probe.HEADER: probe.signature() if signature is None else signature}
        return anonymous.put(URL, body, "application/octet-stream", headers=headers, **extra)

    return send


def test_it_counts_a_body_without_a_login(put: Put) -> None:
    response = put(b"x" * SIZE)
    assert response.status_code == 200
    values = response.json()
    assert (values["probe"], values["read_bytes"]) == (probe.NAME, SIZE)
    assert values["seconds"] >= 0
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_its_path_ends_as_that_of_an_upload() -> None:
    upload = path("project", "upload", "6b1c0e62-0000-4000-8000-000000000000")
    assert reverse("horizon:project:images:probe") == URL
    assert URL.split("/")[1:3] == upload.split("/")[1:3]
    assert URL.split("/")[4:] == upload.split("/")[4:]


class Body:
    def readline(self, *_args: Any) -> bytes:
        raise AssertionError("Bodies are not read by line.")


class Unreadable(Body):
    """A body that must not be read."""

    def read(self, *_args: Any) -> bytes:
        raise AssertionError("The body was read.")


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize(
    "signature",
    [
        "",
        "probe",
        "probe:1wxyz:AAAA",
        signing.TimestampSigner(key="of another dashboard", salt="helion_images_panel.probe").sign(
            "probe"
        ),
    ],
    ids=["none", "unsigned", "wrong", "other key"],
)
def test_nothing_is_read_without_the_signature(anonymous: Any, method: str, signature: str) -> None:
    response = anonymous.generic(
        method.upper(),
        URL,
        headers={probe.HEADER: signature},
        **{"wsgi.input": Unreadable(), "CONTENT_LENGTH": str(probe.BODY_BYTES)},
    )
    assert response.status_code == 403
    assert not response.cookies


def test_a_signature_for_something_else_is_none(put: Put) -> None:
    other = signing.TimestampSigner(salt="another.salt").sign("probe")
    assert put(signature=other).status_code == 403
    other = signing.TimestampSigner(salt="helion_images_panel.probe").sign("else")
    assert put(signature=other).status_code == 403


def test_a_signature_is_valid_for_minutes(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    first, signature, now = probe.signature(), probe.signature(), signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + probe.VALID_S - 5)
    assert put(signature=first).status_code == 200
    later = now + timedelta(seconds=probe.VALID_S + 5).total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: later)
    assert put(signature=signature).status_code == 403


def test_a_signature_is_valid_once(put: Put) -> None:
    signature = probe.signature()
    assert put(signature=signature).status_code == 200
    assert put(signature=signature).status_code == 403


def test_no_other_address_is_without_a_login() -> None:
    """Tests that walk over all addresses leave these out."""

    def walk(patterns: list[Any]) -> Iterator[Any]:
        for pattern in patterns:
            yield pattern
            yield from walk(getattr(pattern, "url_patterns", []))

    found = [each for each in walk(get_resolver().url_patterns) if isinstance(each, WithoutLogin)]
    assert [each.callback.view_class for each in found] == [view.ProbeView]


def test_a_login_is_no_permission(browser: Any) -> None:
    browser.login_as(factories.domain_admin())
    response = browser.put(URL, b"x", "application/octet-stream")
    assert response.status_code == 403


def test_of_a_larger_body_only_the_size_is_answered(put: Put) -> None:
    response = put(
        **{"wsgi.input": Unreadable(), "CONTENT_LENGTH": str(2**40)},
    )
    values = response.json()
    assert (values["probe"], values["declared_bytes"]) == (probe.NAME, 2**40)
    assert values["version"] == probe.version()


@pytest.mark.parametrize("length", ["", "0", "-1", "x"])
def test_without_a_size_nothing_is_read(put: Put, length: str) -> None:
    response = put(**{"wsgi.input": Unreadable(), "CONTENT_LENGTH": length})
    assert response.status_code == 411


@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_there_is_no_other_method(anonymous: Any, method: str) -> None:
    headers = {probe.HEADER: probe.signature()}
    assert getattr(anonymous, method)(URL, headers=headers).status_code == 405


def test_one_body_at_a_time(put: Put) -> None:
    with view._one:
        assert put(b"x" * SIZE).status_code == 429
    assert put(b"x" * SIZE).status_code == 200


class Stopping(Body):
    """A body whose connection breaks."""

    def read(self, *_args: Any) -> bytes:
        raise OSError("connection lost")


def test_a_body_that_breaks_off_frees_its_place(put: Put) -> None:
    response = put(**{"wsgi.input": Stopping(), "CONTENT_LENGTH": str(SIZE)})
    assert response.status_code == 400
    assert not view._one.locked()


class Endless(Body):
    """A body of which a byte arrives in ten seconds, by the clock of the test."""

    def __init__(self) -> None:
        self.now = 0.0
        self.reads = 0

    def monotonic(self) -> float:
        return self.now

    def read(self, *_args: Any) -> bytes:
        self.now += 10
        self.reads += 1
        return b"x"


def test_a_slow_body_ends(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    body = Endless()
    monkeypatch.setattr(view.time, "monotonic", body.monotonic)
    response = put(**{"wsgi.input": body, "CONTENT_LENGTH": str(SIZE)})
    assert response.json()["read_bytes"] < SIZE
    assert body.reads <= view.WITHIN_S / 10 + 1


def test_it_takes_no_upload_of_an_image_away(anonymous: Any) -> None:
    """The address of an upload keeps its login."""
    url = path("project", "upload", "6b1c0e62-0000-4000-8000-000000000000")
    response = anonymous.put(
        url, b"x", "application/octet-stream", headers={probe.HEADER: probe.signature()}
    )
    assert response.status_code in (302, 401, 403)
