# SPDX-License-Identifier: Apache-2.0
import threading
import time
from dataclasses import dataclass, field

from helion_images_panel.api import image_rows, images
from helion_images_panel.ui.base import bulk
from helion_images_panel.ui.base.results import ImageResult
from helion_images_panel.ui.scopes.scope import PROJECT
from tests import factories
from tests.unit import fakes


@dataclass
class Job:
    """Deletes images, and refuses those that are protected."""

    request: object = field(default_factory=factories.request)

    def run(self, *image_ids):
        return bulk.run(
            self.request,
            PROJECT,
            image_ids,
            lambda image: "It is protected." if image.protected else None,
            lambda image: images.image_delete(self.request, image.id),
        )


def test_every_image_has_its_outcome_and_none_stops_the_others(glance):
    fine = glance.add(name="fine")["id"]
    protected = glance.add(name="protected", protected=True)["id"]
    failing = glance.add(name="failing")["id"]
    unreadable = glance.add(name="unreadable")["id"]
    last = glance.add(name="last")["id"]
    gone = factories.image_id(10**6)
    glance.failing[f"DELETE /v2/images/{failing}"] = fakes.refusal(409, "In use.")
    glance.failing[f"GET /v2/images/{unreadable}"] = fakes.refusal(500, "Disk on fire.")

    outcomes = Job().run(fine, protected, failing, gone, unreadable, "no id", last)

    assert outcomes == [
        ImageResult("fine"),
        ImageResult("protected", "It is protected."),
        ImageResult("failing", "In use."),
        ImageResult(gone, "Image not found.", missing=True),
        ImageResult(unreadable, "Disk on fire."),
        ImageResult("no id", "Image not found.", missing=True),
        ImageResult("last"),
    ]
    assert sorted(glance.images) == sorted([protected, failing, unreadable])


def test_an_image_that_is_ticked_twice_is_acted_on_once(glance):
    image_id = glance.add(name="one")["id"]
    assert Job().run(image_id, image_id) == [ImageResult("one")]
    assert len(glance.writes) == 1


def test_an_image_that_vanishes_in_between_is_an_outcome_too(glance):
    image = glance.add(name="going")
    glance.failing[f"DELETE /v2/images/{image['id']}"] = fakes.refusal(404, "Gone.")
    assert Job().run(image["id"]) == [ImageResult("going", "Gone.")]


def test_images_of_others_are_not_there(glance):
    foreign = glance.add(owner=factories.FOREIGN)["id"]
    assert Job(factories.request(factories.domain_admin())).run(foreign) == [
        ImageResult(foreign, "Image not found.", missing=True)
    ]
    assert glance.writes == []


def test_never_more_requests_in_flight_than_the_setting_says(glance, settings, monkeypatch):
    settings.HELION_IMAGES_CONCURRENCY = 3
    lock, in_flight, peaks = threading.Lock(), [], []

    def counted(method):
        asked = getattr(fakes.FakeHttp, method)

        def call(self, *args):
            with lock:
                in_flight.append(args)
                peaks.append(len(in_flight))
            time.sleep(0.01)
            try:
                return asked(self, *args)
            finally:
                with lock:
                    in_flight.remove(args)

        monkeypatch.setattr(fakes.FakeHttp, method, call)

    counted("get")
    counted("delete")
    ids = [glance.add(name=f"n{n}", os_hidden=n % 2 == 0)["id"] for n in range(100)]
    outcomes = Job().run(*ids)
    assert [outcome.failure for outcome in outcomes] == [""] * 100
    assert glance.images == {}
    assert max(peaks) == 3


def test_nothing_ticked_nothing_done(glance):
    assert Job().run() == []
    assert glance.calls == []


def test_a_session_that_ends_in_between_is_told_of_each_image(glance):
    first, second = (glance.add(name=name)["id"] for name in ("first", "second"))
    glance.failing[f"DELETE /v2/images/{second}"] = fakes.refusal(401, "Token expired")
    assert Job().run(first, second) == [
        ImageResult("first"),
        ImageResult("second", "Your session has ended. Log in again."),
    ]


def test_whatever_is_posted_as_an_id_is_told_in_short(glance):
    glance.add()
    (outcome,) = Job().run("x" * 5000)
    assert outcome == ImageResult("x" * 36, "Image not found.", missing=True)


def test_ids_that_nobody_has_cost_a_bounded_number_of_calls(glance):
    mine = glance.add(name="mine")["id"]
    unknown = [factories.image_id(10**6 + number) for number in range(300)]
    glance.calls.clear()
    outcomes = Job().run(mine, *unknown)
    assert [outcome.missing for outcome in outcomes] == [False] + [True] * 300
    assert len(glance.calls) <= image_rows.IDS_PER_CALL + 12
