# SPDX-License-Identifier: Apache-2.0
"""tests/integration/test_url_check.py compares the rules with those of Glance itself."""

import pytest

from helion_images_panel.core.import_filters import HOST, PORT, SCHEME, ImportFilters


@pytest.mark.parametrize(
    ("options", "url", "refusal"),
    [
        ({}, "https://files.example/a", ""),
        ({}, "http://files.example:80/a", ""),
        ({}, "http://files.example:8080/a", PORT),
        ({}, "ftp://files.example/a", SCHEME),
        ({}, "http://2130706433/a", HOST),
        ({}, "http://127.1/a", HOST),
        ({"allowed_schemes": ["https"]}, "http://files.example/a", SCHEME),
        ({"allowed_hosts": ["files.example"]}, "http://files.example/a", ""),
        ({"allowed_hosts": ["files.example"]}, "http://other.example/a", HOST),
        ({"disallowed_hosts": ["files.example"]}, "http://files.example/a", HOST),
        (
            {"allowed_hosts": ["files.example"], "disallowed_hosts": ["files.example"]},
            "http://files.example/a",
            "",
        ),
        ({"allowed_ports": [8080]}, "http://files.example:8080/a", ""),
        # Glance looks at no port that the URL does not name.
        ({"allowed_ports": [8080]}, "http://files.example/a", ""),
        ({"allowed_ports": [], "disallowed_ports": [81]}, "http://files.example:81/a", PORT),
        ({"allowed_ports": [], "disallowed_ports": [81]}, "http://files.example:82/a", ""),
    ],
)
def test_refusal(options, url, refusal):
    assert ImportFilters.of_options(options).refusal(url) == refusal


@pytest.mark.parametrize(
    ("options", "address", "refused"),
    [
        ({}, "8.8.8.8", False),
        ({}, "10.0.0.1", False),
        ({}, "127.0.0.1", True),
        ({}, "::ffff:127.0.0.1", True),
        ({}, "169.254.169.254", True),
        ({"allowed_hosts": ["files.example"]}, "127.0.0.1", False),
        ({"disallowed_hosts": ["10.0.0.1"]}, "10.0.0.1", True),
    ],
)
def test_addresses(options, address, refused):
    filters = ImportFilters.of_options(options)
    assert filters.refuses_address("http://files.example/a", address) is refused


@pytest.mark.parametrize(
    "options",
    [
        {"allowed_port": [80]},
        {"allowed_ports": 80},
        {"allowed_ports": ["80"]},
        {"allowed_ports": [True]},
        {"allowed_hosts": "files.example"},
        {"allowed_hosts": [1]},
    ],
)
def test_what_is_no_option(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        ImportFilters.of_options(options)
