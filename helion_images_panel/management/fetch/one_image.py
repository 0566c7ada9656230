# SPDX-License-Identifier: Apache-2.0
"""An official image from its record to the one that is handed over.

It is private until its data was compared, and has a property until it is finished: another
run continues with it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NoReturn

from helion_images_panel.api import families, images
from helion_images_panel.api.credentials import NoCredentials
from helion_images_panel.catalogue.comparison import Comparison
from helion_images_panel.catalogue.entries import Build, Entry
from helion_images_panel.catalogue.new_image import attributes_of
from helion_images_panel.core import tags
from helion_images_panel.core.image import Image
from helion_images_panel.core.image_schema import ImageSchema, typed
from helion_images_panel.core.version_values import fits
from helion_images_panel.exceptions import ImageNotFound, ImageServiceError, SessionEnded
from helion_images_panel.management.fetch import plan
from helion_images_panel.management.fetch.arrival import NotArrived, StillArriving
from helion_images_panel.management.fetch.plan import Options, Result
from helion_images_panel.management.fetch.session import Session
from helion_images_panel.ui.catalogue.as_version import FamilyChoice, version_of_build

#: What is known of the data of an image that is handed over.
VERIFIED = "verified"
CONVERTED = "converted"
NO_CHECKSUM = "no_checksum"


class NotHandedOver(Exception):
    """The image is not what was to be fetched; `outcome` is one of `plan`."""

    def __init__(self, outcome: str, reason: str):
        super().__init__(reason)
        self.outcome = outcome


class Fetch:
    """One entry; `_own` is its image as this command has it now."""

    #: What another run does with an image that Glance has not finished.
    _next_run = "another run continues"

    def __init__(self, session: Session, compared: Comparison, build: Build, options: Options):
        self._session = session
        self._compared = compared
        self._build = build
        self._options = options
        self._own: Image | None = None
        self._deadline = 0.0

    @property
    def _entry(self) -> Entry:
        return self._compared.entry

    @property
    def _is_staged(self) -> bool:
        """Whether the data is going to be staged and imported."""
        return False

    def result(self, begun: Image | None) -> Result:
        self._own = begun
        self._deadline = time.monotonic() + self._options.timeout_s
        try:
            image = self._with_data()
            verification, reason = self._verification(image)
            image = self._finished(image)
        except StillArriving:
            seconds = f"{self._options.timeout_s:g}"
            reason = f"Glance has not finished within {seconds} seconds; {self._next_run}"
            return self._ended(plan.IN_PROGRESS, reason)
        except NotHandedOver as error:
            return self._ended(error.outcome, str(error))
        except SessionEnded:
            return self._ended(plan.FAILED, "the image service rejected the token")
        except (ImageServiceError, NotArrived, NoCredentials) as error:
            # The report has those that were fetched before.
            return self._ended(plan.FAILED, str(error))
        return Result(self._compared, plan.FETCHED, image, verification, reason)

    def _ended(self, outcome: str, reason: str) -> Result:
        return Result(self._compared, outcome, self._own, reason=reason)

    def _with_data(self) -> Image:
        """Return the image with its data; `_own` is set as soon as there is an image."""
        raise NotImplementedError

    def _verification(self, image: Image) -> tuple[str, str]:
        """Return what is known of the data, and a remark. Raise NotHandedOver."""
        raise NotImplementedError

    def _new_record(self) -> Image:
        schema = self._session.call(images.image_schema)
        self._own = self._session.call(images.image_create, self._attributes(schema))
        return self._own

    def _attributes(self, schema: ImageSchema) -> dict[str, Any]:
        options, entry = self._options, self._entry
        required = {each.name: each for each in schema.required}
        chosen: dict[str, Any] = {
            "name": plan.image_name(entry, self._build),
            "visibility": "private",
            "tags": list(dict.fromkeys((*entry.tags, *options.tags))),
            **{
                name: typed(required[name], value) if name in required else value
                for name, value in options.properties.items()
            },
        }
        attributes = attributes_of(entry, self._build, chosen, schema, is_staged=self._is_staged)
        if options.is_version:
            attributes |= self._as_version(attributes)
        if schema.may_refuse_changes:
            # Its marker could not be removed.
            return attributes
        return {**attributes, **plan.marker(entry, self._build, attributes["id"])}

    def _as_version(self, attributes: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what makes the image a version of the only family of the project that it fits;
        nothing without one. The latest version's protection follows when it is replaced.
        """
        listed = self._session.call(families.newest_of_project, self._session.project_id)
        latest = [each for each in families.latest_among(listed) if fits(each, attributes)]
        if len(latest) != 1:
            return {}
        own = {"name": attributes["name"], "tags": tags.joined(tuple(attributes.get("tags", ())))}
        choice = FamilyChoice(latest, version_of_build(self._build), {**own, "protected": False})
        values = choice.values(latest[0].id)
        return {
            "name": values["name"],
            "tags": list(tags.split(values["tags"])),
            **choice.record(attributes["id"], latest[0]),
        }

    def _delete_record(self, image: Image, reason: str, outcome: str = plan.FAILED) -> None:
        """Delete an image that is not finished; raise NotHandedOver if it remains."""
        try:
            self._session.call(images.image_delete, image.id)
        except ImageNotFound:
            pass
        except (ImageServiceError, SessionEnded) as error:
            left = f"{reason}; image {image.id} remains unfinished: {error}"
            raise NotHandedOver(outcome, left) from error
        self._own = None

    def _refuse(self, image: Image, reason: str, outcome: str = plan.FAILED) -> NoReturn:
        """Delete an image that is not what was to be fetched."""
        self._delete_record(image, reason, outcome)
        raise NotHandedOver(outcome, reason)

    def _finished(self, image: Image) -> Image:
        """Give the image the visibility and the protection that it is handed over with."""
        image = self._session.call(images.image_get, image.id)
        changes: dict[str, Any] = {}
        if plan.PROPERTY in image.properties:
            changes[plan.PROPERTY] = None
        if image.visibility != self._options.visibility:
            changes["visibility"] = self._options.visibility
        if self._options.is_protected and not image.protected:
            changes["protected"] = True
        if not changes:
            return image
        try:
            return self._session.call(images.image_update, image.id, changes)
        except ImageServiceError as error:
            reason = f"the image was compared, and could not be finished: {error}"
            raise NotHandedOver(plan.FAILED, reason) from error
