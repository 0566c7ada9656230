# SPDX-License-Identifier: Apache-2.0
"""Sessions whose requests are limited in time."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from helion_images_panel.api import bounded


def test_passwords_of_netrc_are_not_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine glance.example login operator password secret\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    asked = requests.Request("GET", "http://glance.example/v2/images")
    session = requests.Session()
    assert "Authorization" in session.prepare_request(asked).headers
    bounded.bound(session)
    assert "Authorization" not in session.prepare_request(asked).headers
