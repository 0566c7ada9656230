# SPDX-License-Identifier: Apache-2.0
"""Base class of the commands for the images of one domain or of all."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from helion_images_panel import exceptions
from helion_images_panel.api import projects
from helion_images_panel.api.credentials import NoCredentials
from helion_images_panel.core.visible_text import escaped
from helion_images_panel.management.checked import OWN_CHECKS

#: Exit codes that all of them have: the command could not run, or not for all images.
CANNOT_RUN, NOT_ALL = 1, 2


class DomainCommand(BaseCommand):
    """A subclass has its `name` for messages, and returns the exit code from `run`."""

    name: str
    requires_system_checks = OWN_CHECKS

    def run(self, options: dict[str, Any]) -> int:
        raise NotImplementedError

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            code = self.run(options)
        except (NoCredentials, exceptions.ImageServiceError, exceptions.SessionEnded) as error:
            self.complain(reason(error))
            code = CANNOT_RUN
        raise SystemExit(code)

    def complain(self, message: str) -> None:
        self.stderr.write(f"{self.name}: {escaped(message)}")

    def domain_ids(self, request: Any, domain: str | None) -> list[str] | None:
        """Return the ID of the domain, by its name or ID, and none for all; None if there is no
        such domain, which is said.
        """
        if not domain:
            return []
        found = [
            each.id for each in projects.domain_list(request) if domain in (each.id, each.name)
        ]
        if found:
            return found
        self.complain(f"domain {domain!r} not found")
        return None

    def stopped(self, count: int, interruption: str) -> int:
        """Say after how many images the run broke off, and return the exit code."""
        images = "1 image" if count == 1 else f"{count} images"
        self.complain(f"stopped after {images}: {interruption}")
        return NOT_ALL if count else CANNOT_RUN


def reason(error: Exception) -> str:
    if isinstance(error, exceptions.SessionEnded):
        return "the image service rejected the token"
    return str(error)
