# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.url import has_user, is_http_url, last_part


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/image.qcow2",
        "http://mirror/x.qcow2",
        "http://file_server.example/x",
        "HTTP://192.0.2.1:8080/x?y=z",
        "http://[2001:db8::1]/x",
        "https://user:secret@example.com/x",
        "https://store.example/x?X-Amz-Signature=" + "a" * 4000,
        "http://x/näme%20of%20it",
    ],
)
def test_what_an_image_service_may_be_asked_to_fetch(text):
    assert is_http_url(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/image.qcow2",
        "ftp://x.example/a",
        "file:///etc/passwd",
        "http:",
        "http://",
        "http:///path",
        "http://:80/",
        "http://x:port/",
        "http://x:99999/",
        "http://x:0/",
        "http://[::1/",
        "http://x/a b",
        "http://x/a\nHost: y",
        "http://x/\x00",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_of_a_web_server(text):
    assert not is_http_url(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://user:secret@example.com/x", True),
        ("https://user@example.com/x", True),
        ("https://:secret@example.com:8080/x", True),
        ("https://@example.com/x", True),
        ("https://a@b@example.com/x", True),
        ("HTTPS://user:secret@[2001:db8::1]/x", True),
        ("https://example.com/user:secret@x?to=a@b.example#@", False),
        ("https://example.com", False),
        ("http://[::1/", False),
    ],
)
def test_whether_it_has_a_user_or_a_password(text, expected):
    assert has_user(text) is expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://x.example/a/b.qcow2?c=d/e#f", "b.qcow2"),
        ("https://x.example/a%20b.iso", "a b.iso"),
        ("https://x.example", ""),
        ("http://[::1/", ""),
        ("b.qcow2", "b.qcow2"),
        ("", ""),
    ],
)
def test_the_last_part(text, name):
    assert last_part(text) == name
