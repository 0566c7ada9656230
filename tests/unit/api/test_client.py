# SPDX-License-Identifier: Apache-2.0
import io
import logging
from contextlib import suppress

import pytest
import requests
from glanceclient import exc as glance_exc
from openstack_dashboard.api import glance as horizon_glance

from helion_images_panel import exceptions
from helion_images_panel.api import client
from helion_images_panel.api.bounded import BoundedAdapter
from tests import factories
from tests.unit import fakes

PATH = f"/v2/images/{factories.image_id(1)}/file"


class Body:
    """Chunks of a body; optionally one that breaks off in reading."""

    def __init__(self, *chunks, size=None, error=None):
        self.chunks, self.error = chunks, error
        self.size = sum(map(len, chunks)) if size is None else size

    def __len__(self):
        return self.size

    def __iter__(self):
        yield from self.chunks
        if self.error:
            raise self.error


@pytest.fixture
def request_():
    return factories.request()


@pytest.fixture
def queued(glance):
    return glance.add(id=factories.image_id(1), status="queued")


@pytest.mark.parametrize("rest", [("file",), ("members", "p1")])
def test_image_path(rest):
    image_id = factories.image_id(1)
    assert client.image_path(image_id, *rest) == "/".join(("/v2/images", image_id, *rest))


def test_the_rest_of_a_path_cannot_leave_it():
    path = client.image_path(factories.image_id(1), "members", "../../x?y#z")
    assert path.endswith("/members/..%2F..%2Fx%3Fy%23z")


@pytest.mark.parametrize("image_id", ["", "x", "../../etc", "a" * 36, "1" * 31])
def test_a_path_needs_an_id(image_id):
    with pytest.raises(exceptions.ImageNotFound):
        client.image_path(image_id)


def test_parameters_are_encoded(glance, request_):
    client.get(request_, "/v2/images", {"name": "eq:a&b=c", "sort": "id:asc", "limit": 5})
    assert glance.calls[0].query == {"name": "eq:a&b=c", "sort": "id:asc", "limit": "5"}


def test_requests_go_through_horizons_client(monkeypatch, request_):
    asked = []

    def glanceclient(request):
        asked.append(request)
        return fakes.SimpleNamespace(http_client=http)

    session = requests.Session()
    http = fakes.SimpleNamespace(session=session)
    monkeypatch.setattr(horizon_glance, "glanceclient", glanceclient)
    assert client._http(request_) is http
    assert isinstance(session.get_adapter("http://x"), BoundedAdapter)
    assert asked == [request_]


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda r: client.get(r, PATH), f"GET {PATH}"),
        (lambda r: client.post(r, PATH, {}), f"POST {PATH}"),
        (lambda r: client.patch(r, PATH, "[]"), f"PATCH {PATH}"),
        (lambda r: client.delete(r, PATH), f"DELETE {PATH}"),
        (lambda r: client.put_data(r, PATH, Body(b"x")), f"PUT {PATH}"),
    ],
)
@pytest.mark.parametrize("status", [403, 409, 413, 500])
def test_every_call_turns_glances_errors_into_ours(glance, request_, queued, call, key, status):
    glance.failing[key] = fakes.refusal(status, "Because.")
    with pytest.raises(exceptions.ImageServiceError) as caught:
        call(request_)
    assert (str(caught.value), caught.value.status) == ("Because.", status)


def test_a_refused_upload_keeps_a_status_that_glanceclient_does_not_know(glance, request_, queued):
    glance.failing[f"PUT {PATH}"] = fakes.refusal(415, "The data is not a qcow2.")
    with pytest.raises(exceptions.ImageServiceError, match="not a qcow2") as caught:
        client.put_data(request_, PATH, Body(b"x"))
    assert caught.value.status == 415


def test_an_expired_token_is_left_to_horizon(glance, request_):
    glance.failing["GET /v2/images"] = fakes.refusal(401, "Token expired")
    with pytest.raises(glance_exc.HTTPUnauthorized):
        client.get(request_, "/v2/images")


def test_put_data_sends_chunks_with_their_length_and_the_token(glance, request_, queued):
    client.put_data(request_, PATH, Body(b"abc", b"de"))
    assert glance.uploads[queued["id"]] == b"abcde"
    assert glance.upload_headers["x-openstack-image-size"] == "5"
    assert glance.upload_headers["X-Auth-Token"] == "token-of-the-test"
    assert "Transfer-Encoding" not in glance.upload_headers


def test_the_body_has_a_length_so_that_requests_sends_one():
    """With chunked encoding a truncated image could become active."""
    prepared = requests.Request("PUT", "http://x/", data=Body(b"abc", b"de")).prepare()
    assert prepared.headers["Content-Length"] == "5"
    assert "Transfer-Encoding" not in prepared.headers


@pytest.mark.parametrize(("pause_s", "expected"), [(70, (70, 3600)), (7200, (7200, 7200))])
def test_put_data_has_a_timeout(monkeypatch, request_, settings, pause_s, expected):
    settings.HELION_IMAGES_DATA_TIMEOUT_S = pause_s
    seen = {}

    def put(url, **kwargs):
        seen.update(kwargs, url=url)
        response = requests.Response()
        response.status_code = 204
        return response

    http = fakes.SimpleNamespace(
        auth_token="t", endpoint="http://g/", session=fakes.SimpleNamespace(put=put)
    )
    monkeypatch.setattr(client, "_http", lambda _request: http)
    client.put_data(request_, PATH, Body(b"x"))
    assert seen["timeout"] == expected
    assert seen["url"] == f"http://g{PATH}"


@pytest.mark.parametrize(("status", "closed"), [(204, 0), (403, 1), (409, 1), (410, 1), (500, 1)])
def test_no_request_follows_on_the_connection_of_a_refused_upload(
    monkeypatch, request_, status, closed
):
    """Glance's server closes it late, as it has not read the body: the next request breaks."""
    closings = []

    def put(_url, **_kwargs):
        response = requests.Response()
        response.status_code, response._content = status, b""
        return response

    session = fakes.SimpleNamespace(put=put, close=lambda: closings.append(1))
    http = fakes.SimpleNamespace(auth_token="t", endpoint="http://g/", session=session)
    monkeypatch.setattr(client, "_http", lambda _request: http)
    with suppress(exceptions.ImageServiceError):
        client.put_data(request_, PATH, Body(b"x"))
    assert len(closings) == closed


def test_a_broken_connection_is_said_as_such(glance, request_, queued):
    with pytest.raises(exceptions.ImageServiceUnavailable, match="connection"):
        client.put_data(request_, PATH, Body(b"ab", size=9, error=OSError("gone")))
    assert queued["status"] == "queued"


def test_put_data_leaves_an_expired_token_to_the_caller(glance, request_, queued):
    glance.failing[f"PUT {PATH}"] = fakes.refusal(401, "Token expired")
    with pytest.raises(exceptions.SessionEnded):
        client.put_data(request_, PATH, Body(b"x"))


def test_put_data_sends_more_headers_where_there_are_some(glance, request_, queued):
    client.put_data(request_, PATH, Body(b"x"), {"x-image-meta-store": "archive"})
    assert glance.upload_headers["x-image-meta-store"] == "archive"
    assert glance.upload_headers["x-openstack-image-size"] == "1"


@pytest.fixture
def stored(glance, queued):
    glance.uploads[queued["id"]] = b"0123456789" * 100
    yield glance.uploads[queued["id"]]
    assert glance.open_downloads == 0, "A connection is still open."


@pytest.mark.parametrize("size", [1, 300, 1000, 5000])
def test_open_data_gives_all_bytes_in_pieces(request_, stored, size):
    with client.open_data(request_, PATH) as data:
        assert (data.status, data.size_bytes) == (200, 1000)
        chunks = list(data.chunks(size))
    assert b"".join(chunks) == stored
    assert all(0 < len(chunk) <= size for chunk in chunks)


def test_open_data_asks_for_the_bytes_as_they_are(glance, request_, stored):
    with client.open_data(request_, PATH):
        pass
    (asked,) = glance.opened
    assert asked == {"X-Auth-Token": "token-of-the-test", "Accept-Encoding": "identity"}


def test_open_data_passes_a_range_on(glance, request_, stored):
    with client.open_data(request_, PATH, "bytes=990-") as data:
        assert (data.status, data.size_bytes) == (206, 10)
        assert b"".join(data.chunks(100)) == b"0123456789"
    assert glance.opened[0]["Range"] == "bytes=990-"


def test_open_data_is_closed_though_nobody_reads_it_to_the_end(request_, stored):
    with client.open_data(request_, PATH) as data:
        next(data.chunks(10))


def test_open_data_is_closed_over_an_error_of_the_reader(glance, request_, stored):
    def read():
        with client.open_data(request_, PATH):
            assert glance.open_downloads == 1
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        read()


@pytest.mark.parametrize("breaks_after", [0, 1, 999])
def test_data_that_ends_too_early_is_an_error(glance, request_, stored, breaks_after):
    glance.breaks_after = breaks_after
    with (
        client.open_data(request_, PATH) as data,
        pytest.raises(exceptions.ImageServiceUnavailable, match="connection"),
    ):
        list(data.chunks(100))


@pytest.mark.parametrize("status", [403, 404, 409, 500])
def test_a_refusal_of_data_comes_out_with_its_reason(glance, request_, queued, status):
    glance.failing[f"GET {PATH}"] = fakes.refusal(status, "Because.")
    with (
        pytest.raises(exceptions.ImageServiceError, match="Because") as caught,
        client.open_data(request_, PATH),
    ):
        pass
    assert caught.value.status == status


def test_open_data_leaves_an_expired_token_to_the_caller(glance, request_, queued):
    glance.failing[f"GET {PATH}"] = fakes.refusal(401, "Token expired")
    with pytest.raises(exceptions.SessionEnded), client.open_data(request_, PATH):
        pass


def session_with(monkeypatch, get):
    http = fakes.SimpleNamespace(
        auth_token="t", endpoint="http://g/", session=fakes.SimpleNamespace(get=get)
    )
    monkeypatch.setattr(client, "_http", lambda _request: http)


def test_open_data_streams_and_has_a_timeout(monkeypatch, request_):
    seen = {}

    def get(url, **kwargs):
        seen.update(kwargs, url=url)
        response = requests.Response()
        response.status_code = 200
        response.raw = io.BytesIO(b"")
        return response

    session_with(monkeypatch, get)
    with client.open_data(request_, PATH) as data:
        assert data.size_bytes is None
        assert list(data.chunks(10)) == []
    assert (seen["url"], seen["stream"]) == (f"http://g{PATH}", True)
    assert seen["timeout"] == (60, 600)


def test_a_glance_that_is_away(monkeypatch, request_):
    def get(_url, **_kwargs):
        raise requests.ConnectionError("refused")

    session_with(monkeypatch, get)
    with pytest.raises(exceptions.ImageServiceUnavailable), client.open_data(request_, PATH):
        pass


def test_bodies_are_logged_without_secrets_of_urls(caplog):
    caplog.set_level("DEBUG")
    log = logging.getLogger("glanceclient.common.http")
    log.debug('curl -d \'{"uri": "http://h/a?sig=1"}\' http://g/v2/images?limit=1')
    log.debug("%(method)s call to %(url)s", {"method": "GET", "url": "http://g/v2/images?limit=1"})
    assert caplog.messages == [
        'curl -d \'{"uri": "http://h/a"}\' http://g/v2/images?limit=1',
        "GET call to http://g/v2/images?limit=1",
    ]
