# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel import exceptions
from helion_images_panel.redaction import (
    MASK,
    json_without_secrets,
    text_without_secrets,
    without_secrets,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/a.img", "https://example.com/a.img"),
        ("https://kim:pass@example.com:8443/a.img?sig=1#x", "https://example.com:8443/a.img"),
        ("http://[2001:db8::1]:80/a?sig=1", "http://[2001:db8::1]:80/a"),
        ("file:///srv/images/a", "file:///srv/images/a"),
        ("https://h/a;token=secret/b.img;jsessionid=secret?c", "https://h/a/b.img"),
        ("http://[half", MASK),
        ("http://example.com:port/", MASK),
    ],
)
def test_addresses_are_told_without_what_opens_them(url, expected):
    assert without_secrets(url) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("No URL: only a://", "No URL: only a://"),
        (
            "URI for web-download does not pass filtering: http://h/a?X-Amz-Signature=secret",
            "URI for web-download does not pass filtering: http://h/a",
        ),
        ("(see HTTPS://kim:secret@h/a?b='secret'&c=<secret>), again", "(see https://h/a again"),
        ("http://h/a?secret and swift+https://u:secret@k/v3", "http://h/a and swift+https://k/v3"),
        (
            "HTTPConnectionPool(host='h'): Max retries exceeded with url: /a.img?sign=secret (x)",
            "HTTPConnectionPool(host='h'): Max retries exceeded with url: /a.img (x)",
        ),
        ("Either / or? Yes/no?", "Either / or? Yes/no?"),
        ("Invalid: http://[secret", f"Invalid: {MASK}"),
    ],
)
def test_each_url_in_a_text(text, expected):
    assert text_without_secrets(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"uri":"http://h/a?s=1","b":"c"}', '{"uri":"http://h/a","b":"c"}'),
        (r'{"uri": "http://k:p@h/a?s=\"1\""}', '{"uri": "http://h/a"}'),
        ('{"message": "Not http://h/a?s=1 (x)"}', '{"message": "Not http://h/a (x)"}'),
        ('{"message": "exceeded with url: /a?s=1"}', '{"message": "exceeded with url: /a"}'),
        ('{"next": "/v2/images?limit=1"}', '{"next": "/v2/images?limit=1"}'),
        ("curl -d '{}' http://glance/v2/images?limit=1",) * 2,
    ],
)
def test_each_url_in_json(text, expected):
    assert json_without_secrets(text) == expected


def test_no_error_repeats_a_signed_url():
    error = exceptions.from_response(400, "400 Bad Request: Not http://h/a?sig=&quot;secret&quot;.")
    assert str(error) == "Not http://h/a"
