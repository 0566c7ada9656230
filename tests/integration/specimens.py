# SPDX-License-Identifier: Apache-2.0
"""Images to try everything on, and the trying itself, some cases at a time."""

from __future__ import annotations

import hashlib
import queue
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.family import LATEST, Family, family_property
from helion_images_panel.core.publication import DOMAIN, Publication, publication_property
from helion_images_panel.core.verification import (
    Verified,
    expected_property,
    verified_property,
)
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.matrix import RELATIONS, ROLES, Case
from tests.integration.operations import ATTEMPTS, DONE, FAULT, Attempt
from tests.integration.panels import PANELS
from tests.integration.relations import recorded_deletion

#: Of each specimen.
DATA = b"specimen"

#: Two keep two processors busy.
CASES_AT_ONCE = 2


class Specimens:
    """Images of all kinds: what one attempt has changed is put back, or made anew.

    What a case has left as it was serves the next that needs one of its kind.
    """

    def __init__(self, images: Images):
        self.images = images
        #: The latest version of a family by the ID of the project.
        self.latest: dict[str, str] = {}
        self._left: dict[Any, queue.SimpleQueue[str]] = defaultdict(queue.SimpleQueue)

    def tried(self, case: Case, attempt: Attempt) -> Iterator[tuple[str, str]]:
        """The name of each attempt, and what came of it."""
        images, expected = self.images, case.expected()
        attempt.latest = self.latest
        left = self._left[_kind(case)]
        image_id, before = _first(left), None
        for name in ATTEMPTS:
            image_id = image_id or self.make(case)
            before = before or images.state(image_id)
            assert before
            is_copied = name == "remove_from_store" and expected[name] == DONE
            if is_copied:
                # The only copy stays.
                images.copy(image_id, "archive")
            outcome = attempt.of(name, image_id, None if is_copied else before)
            yield name, outcome
            if outcome == DONE and not images.restore(image_id, *before):
                images.delete(image_id)
                image_id, before = "", None
        if image_id:
            # Nor has looking changed anything.
            assert images.state(image_id) == before
            left.put(image_id)

    def _make_latest_version(self, project_id: str, owner: str) -> None:
        """Make the version of a family that an image without one can be put into."""
        if project_id not in self.latest:
            image_id = str(uuid.uuid4())
            family = Family(f"of {image_id}", role=LATEST)
            signed = family_property(image_id, project_id, family)
            self.latest[project_id] = self.images.make("latest", owner, id=image_id, **signed)

    def make(self, case: Case) -> str:
        images, relation, role = self.images, RELATIONS[case.relation], ROLES[case.role]
        image_id, fields = str(uuid.uuid4()), {**FAULT, **relation.fields}
        if relation.is_verified:
            checksum = Checksum("sha512", hashlib.sha512(DATA).hexdigest())
            done = Verified((checksum,), "2026-11-30T12:00:00Z", "x")
            fields |= verified_property(image_id, done)
        elif relation.has_data and not relation.is_deleted:
            # A check of the data that fails removes the image.
            fields |= expected_property(image_id, Checksum("md5", "0" * 32))
        if relation.is_deleted:
            fields |= recorded_deletion(image_id)
        if relation.is_of_domain:
            cloud = images.cloud
            domain_id = cloud.domain_id(cloud.user(role.user).domain)
            given = (cloud.project_id(role.other),)
            noted = Publication(DOMAIN, "private", domain_id, given)
            fields |= publication_property(image_id, noted)
        owner = role.owner(relation.whose)
        project_id = images.cloud.project_id(owner)
        if relation.role:
            family = Family(f"of {image_id}", role=relation.role)
            fields |= family_property(image_id, project_id, family)
        else:
            self._make_latest_version(project_id, owner)
        images.make(case.relation, owner, None, id=image_id, **fields)
        if relation.has_data:
            images.upload(image_id, DATA)
        if relation.is_deactivated:
            images.cloud.glance_client("admin").images.deactivate(image_id)
        if relation.answer:
            images.share(image_id, role.own, relation.answer)
        if relation.has_member:
            images.share(image_id, role.other)
        return image_id


def _first(left: queue.SimpleQueue[str]) -> str:
    try:
        return left.get_nowait()
    except queue.Empty:
        return ""


def _kind(case: Case) -> Any:
    """What the images of two cases have in common that are alike."""
    relation, role = RELATIONS[case.relation], ROLES[case.role]
    return (
        case.relation,
        role.owner(relation.whose),
        role.own if relation.answer else "",
        role.other if relation.has_member else "",
    )


class Matrix:
    """Tries cases ahead of the tests that ask for them, some at a time.

    Each thread has sessions of its own, as a browser of its own would.
    """

    def __init__(self, log_in: Callable[[str], Dashboard], images: Images, chosen: Iterable[Case]):
        self._log_in = log_in
        self._images = images
        self._specimens = Specimens(images)
        self._here = threading.local()
        self._executor = ThreadPoolExecutor(CASES_AT_ONCE)
        self._found = {case: self._executor.submit(self._try, case) for case in chosen}

    def found(self, case: Case) -> dict[str, str]:
        """What came of each attempt."""
        return self._found[case].result()

    def stop(self) -> None:
        self._executor.shutdown(cancel_futures=True)

    def _try(self, case: Case) -> dict[str, str]:
        person = self._person(ROLES[case.role].user)
        attempt = Attempt(person, PANELS[case.panel], self._images)
        return dict(self._specimens.tried(case, attempt))

    def _person(self, name: str) -> Dashboard:
        known: dict[str, Dashboard] = self._here.__dict__
        if name not in known:
            known[name] = self._log_in(name)
        return known[name]
