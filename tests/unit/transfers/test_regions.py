# SPDX-License-Identifier: Apache-2.0
"""A client may choose an image's ID: another region may have another image with the same one."""

from helion_images_panel.api import client
from helion_images_panel.transfers import attempts, failures
from helion_images_panel.transfers.progress import Progress, taken_bytes
from tests import factories

ATTEMPT, REFUSED = "0" * 32, "1" * 32


def test_nothing_of_an_upload_shows_in_another_region(monkeypatch):
    request = factories.request()
    failures.save(request, "one", {"reason": "Not a qcow2.", "kind": "format"})
    attempts.record_stored(request, "one", ATTEMPT)
    attempts.record_refused(request, "one", REFUSED)
    with Progress(request, "one"):
        monkeypatch.setattr(client.base, "url_for", lambda *_args: "http://elsewhere.example")
        assert taken_bytes(request, "one") is None
        assert failures.load(request, "one") == {}
        assert attempts.of_image(request, "one") == attempts.Attempts()
        monkeypatch.undo()
        assert taken_bytes(request, "one") == 0
    assert failures.load(request, "one")["kind"] == "format"
    assert attempts.of_image(request, "one") == attempts.Attempts(ATTEMPT, (REFUSED,))
