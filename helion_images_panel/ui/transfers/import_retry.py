# SPDX-License-Identifier: Apache-2.0
"""The second attempt of a failed import: who may start it, and what a page says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel import conf, policy
from helion_images_panel.api import imports
from helion_images_panel.api.imports import ImportTask
from helion_images_panel.core.image import Image
from helion_images_panel.transfers import import_retry
from helion_images_panel.transfers.import_retry import CHECKING, STARTED, WAITING
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.transfers import import_failures
from helion_images_panel.ui.transfers.availability import LOCATION, source_choices


class Retry(NamedTuple):
    """A second attempt: CHECKING, WAITING or STARTED, in words; empty without one."""

    state: str = ""
    note: str = ""
    details: str = ""


class Retries:
    """The second attempts of the imports that one request is about.

    One request checks one source: a check may take seconds.
    """

    def __init__(self, request: HttpRequest, scope: PanelScope):
        self._request = request
        self._scope = scope
        self._has_checked = False

    def advance(self, image: Image, tasks: Sequence[ImportTask]) -> Retry:
        """Start the import of the image again if that is due, and return what is to be said."""
        if not self._is_candidate(image, tasks):
            return self._second(image, tasks)
        task, may_check = tasks[0], not self._has_checked
        if import_retry.state(self._request, image, task) == CHECKING:
            self._has_checked = True
        request = self._scope.request_for(self._request, image)
        return _said(import_retry.advance(request, image, task, may_check), task)

    def seen(self, image: Image, tasks: Sequence[ImportTask]) -> Retry:
        """Return what is to be said, on a page that only shows it."""
        if not self._is_candidate(image, tasks):
            return self._second(image, tasks)
        return _said(import_retry.state(self._request, image, tasks[0]), tasks[0])

    def _second(self, image: Image, tasks: Sequence[ImportTask]) -> Retry:
        """Return what is to be said of a second attempt that Glance is working on."""
        first = import_retry.first_attempt(tasks)
        if not first or not tasks[0].is_running:
            return Retry()
        said = _said(STARTED, first)
        if import_retry.was_started_again(self._request, image, first):
            return said
        # A user has done it, for a cause that Glance does not show any more.
        return said._replace(details="")

    def _is_candidate(self, image: Image, tasks: Sequence[ImportTask]) -> bool:
        return import_retry.is_candidate(image, tasks) and self._may_import(image)

    def _may_import(self, image: Image) -> bool:
        request, scope = self._request, self._scope
        if not scope.creates_images or change_refusal(request, scope, image, policy.MODIFY_IMAGE):
            return False
        if not policy.allows(request, policy.UPLOAD_IMAGE, image):
            return False
        methods = or_default(imports.recent_import_methods, [], "the import methods")(request)
        return LOCATION in dict(source_choices(request, methods))


def _said(state: str, task: ImportTask) -> Retry:
    if state == CHECKING:
        return Retry(state, _("The import failed. The dashboard is checking its URL."))
    if state == WAITING:
        return Retry(state, _waiting(task), _cause(task))
    if state == STARTED:
        return Retry(state, _("The import failed and was started again."), _cause(task))
    return Retry()


def _waiting(task: ImportTask) -> str:
    if not task.has_failed:
        return _("The import has stopped and is being started again.")
    seconds = conf.IMPORT_RETRY_S.value
    return ngettext(
        "The import failed. It is started again after %(count)s second while this page is open.",
        "The import failed. It is started again after %(count)s seconds while this page is open.",
        seconds,
    ) % {"count": seconds}


def _cause(task: ImportTask) -> str:
    if not task.has_failed or import_retry.has_known_cause(task):
        # Glance ends such a task with a message of its own when another one takes its place.
        return _("The image service had stopped working on the import.")
    # The other causes of a failed download do not pass.
    cause = _(
        "The connection to %(url)s was lost, or the server did not respond or was out of order."
    ) % {"url": task.url}
    if not import_retry.was_interrupted(task):
        return cause
    return f"{import_failures.not_fetched(task).summary} {cause}"
