# SPDX-License-Identifier: Apache-2.0
import json

import pytest
import requests
from glanceclient import exc as glance_exc

from helion_images_panel import exceptions
from tests.unit import fakes


def as_json(status, reason):
    response = requests.Response()
    response.status_code = status
    response.headers["content-type"] = "application/json"
    response._content = json.dumps({"badRequest": {"message": reason}}).encode()
    return glance_exc.from_response(response, response.content)


def as_plain(status, reason):
    response = requests.Response()
    response.status_code = status
    response.headers["content-type"] = "text/plain; charset=UTF-8"
    response._content = f"{status} {fakes.TITLES[status]}\n\n{reason}\n\n".encode()
    return glance_exc.from_response(response, response.content)


REASONS = (
    "Image 6b1c is protected and cannot be deleted.",
    "Image storage media is full: There is not enough disk space.",
    'Content does not match <declared> format: it\'s "raw" & not vmdk',
    "Invalid value 'x' for 'min_disk': 5 is not of type 'string'",
    "403 images are too many",
    "Ein Umlaut: ä, ein Zeichen: ✓",
)


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("shape", [fakes.refusal, as_json, as_plain])
@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 500, 503])
def test_the_sentence_of_every_shape_of_error(shape, status, reason):
    if shape is not fakes.refusal:
        # Only HTML says which angle brackets are its own.
        reason = reason.replace("<", "").replace(">", "")
    with pytest.raises(exceptions.ImageServiceError) as caught, exceptions.glance_errors():
        raise shape(status, reason)
    assert str(caught.value) == reason
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ("403 Forbidden: You may not.", "You may not."),
        ("403 Forbidden: 403 Forbidden: You may not.: : ", "You may not."),
        ("HTTP 409 Conflict: It is in use", "It is in use"),
        ("<html><h1>404 Not Found</h1>No image &quot;x&quot;<br /></html>", 'No image "x"'),
        ("plain words", "plain words"),
        ("", ""),
        ("403 Forbidden", ""),
        ("413 Request Entity Too Large: Quota: 5 GiB", "Quota: 5 GiB"),
        ("409 Conflict: a\u202eb\u2069\u2029 is in use.", "ab is in use."),
    ],
)
def test_reason_of(details, reason):
    assert exceptions.reason_of(details) == reason


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (403, exceptions.ImageForbidden),
        (404, exceptions.ImageNotFound),
        (409, exceptions.ImageServiceError),
        (413, exceptions.ImageServiceError),
        (503, exceptions.ImageServiceUnavailable),
        (418, exceptions.ImageServiceError),
    ],
)
def test_the_class_follows_the_status(status, cls):
    error = exceptions.from_response(status, "Because.")
    assert type(error) is cls
    assert error.status == status


def test_a_status_that_glanceclient_has_no_number_for_is_still_a_number():
    with (
        pytest.raises(exceptions.ImageServiceError, match="Slow down") as caught,
        exceptions.glance_errors(),
    ):
        raise glance_exc.HTTPException(details="Slow down.")
    assert isinstance(caught.value.status, int)


def test_without_words_the_status_is_the_reason():
    assert str(exceptions.from_response(500, "<html></html>")) == "HTTP 500"


def test_details_may_be_bytes():
    with pytest.raises(exceptions.ImageForbidden, match=r"^nö$"), exceptions.glance_errors():
        raise glance_exc.HTTPForbidden(details="403 Forbidden: nö".encode())


def test_an_ended_session_passes_unchanged():
    with pytest.raises(glance_exc.HTTPUnauthorized), exceptions.glance_errors():
        raise fakes.refusal(401, "Token expired")


@pytest.mark.parametrize(
    "error", [glance_exc.CommunicationError("refused"), glance_exc.InvalidEndpoint("none")]
)
def test_no_answer_has_its_own_words(error):
    with (
        pytest.raises(exceptions.ImageServiceUnavailable, match="is not responding") as caught,
        exceptions.glance_errors(),
    ):
        raise error
    assert caught.value.__cause__ is error
    assert caught.value.status == 503


def test_other_errors_pass_unchanged():
    with pytest.raises(KeyError), exceptions.glance_errors():
        raise KeyError("a bug")


SCHEMA_DUMP = "\n\nFailed validating 'required' in schema:\n    {'name': 'image',\n     'x': 1}"


@pytest.mark.parametrize("name", ["department", "it's"])
@pytest.mark.parametrize(
    ("missing", "others", "words", "is_settable"),
    [
        (None, (), "Open the form again", False),
        (1, (), "Set it first, with Update Metadata", True),
        (0, (), "Ask the cloud's operator", False),
        (1, ("floor",), "“floor”). This image does not have “", False),
        (0, ("floor",), "Ask the cloud's operator", False),
    ],
)
def test_a_property_that_is_required(name, missing, others, words, is_settable):
    sentence = f"Provided object does not match schema 'image': {name!r} is a required property"
    with pytest.raises(exceptions.PropertyRequired) as caught, exceptions.glance_errors():
        raise fakes.refusal(400, sentence + SCHEMA_DUMP)
    assert caught.value.name == name
    caught.value.required += others
    caught.value.missing = None if missing is None else (name,)[:missing]
    assert caught.value.is_settable == is_settable
    assert f"“{name}”" in str(caught.value)
    assert words in str(caught.value)


def test_no_reason_has_the_whole_schema():
    sentence = "Provided object does not match schema 'image': 'x' is not one of ['a', 'b']"
    with pytest.raises(exceptions.ImageServiceError) as caught, exceptions.glance_errors():
        raise fakes.refusal(400, sentence + SCHEMA_DUMP.replace("'required'", "'enum'"))
    assert str(caught.value) == sentence
