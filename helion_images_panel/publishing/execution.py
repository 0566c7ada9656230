# SPDX-License-Identifier: Apache-2.0
"""Execution of a plan's tasks: recorded in advance, some of them at a time, each with its result.

Projects are recorded on the image before they are made members, and before they are
removed: if the run stops, Unpublish still knows them, and the next run does the rest.
They stay unconfirmed until the step is done. Of an interrupted one, the time tells
the members that it has made from those that users have added since.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from helion_images_panel import exceptions
from helion_images_panel.api import members
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.domain_plan import ACCEPTED, PENDING
from helion_images_panel.core.glance_time import TIME_FORMAT, time_of
from helion_images_panel.core.image import Member
from helion_images_panel.core.step_time import ADDITIONS_BEGIN_WITHIN_S
from helion_images_panel.publishing import results
from helion_images_panel.publishing.held_image import HeldImage
from helion_images_panel.publishing.plan import ACCEPT, ACCEPT_MANUAL, ADD, REMOVE, RESET, Task
from helion_images_panel.publishing.results import PROJECTS_PER_STEP, ProjectResult

#: Difference from Glance's clock that is too large to compare times.
_CLOCKS_DIFFER = timedelta(seconds=2)

#: Returns the requests with which these projects' member status may be set, by project,
#: without projects for which this user may not set it.
AcceptingRequests = Callable[[Sequence[str]], Mapping[str, Request]]


@dataclass(frozen=True)
class Execution:
    """`left` tasks are still to be done; `settled` projects are to be removed from the record;
    `is_unconfirmed` if the others are still to be confirmed there.
    """

    results: tuple[ProjectResult, ...]
    left: int
    settled: frozenset[str]
    is_unconfirmed: bool = False

    @property
    def has_failed(self) -> bool:
        return any(result.outcome == results.FAILED for result in self.results)

    @property
    def gained(self) -> int:
        """Number of projects that have the image now and did not have it before."""
        return sum(result.outcome == results.ADDED for result in self.results)


def execute(
    held: HeldImage,
    tasks: Sequence[Task],
    accepting_requests: AcceptingRequests,
    tried: Collection[str],
) -> Execution:
    """Execute as many tasks as one step handles, without projects that the same run has tried
    before.
    """
    work = [task for task in tasks if task.project_id not in tried]
    batch = work[:PROJECTS_PER_STEP]
    accepting = [task.project_id for task in batch if task.do != REMOVE]
    by_project = accepting_requests(accepting) if accepting else {}
    given = [task.project_id for task in batch if task.do == ADD]
    answered = [
        task.project_id
        for task in batch
        if task.do == ACCEPT_MANUAL and task.project_id in by_project
    ]
    removing = [(task.project_id, task.changed_at) for task in batch if task.do == REMOVE]
    failed = {(task.project_id, task.changed_at) for task in tasks if task.do == REMOVE}
    if given or answered or removing:
        _record_ahead(held, given, answered, removing, failed)
    begun = _perform_in_time(held, batch, by_project)
    results_of_begun = tuple(result for result in begun if result is not None)
    settled = {
        task.project_id
        for task, result in zip(batch, begun, strict=True)
        if result is None or _is_settled(task.do, result)
    }
    left = len(work) - len(results_of_begun)
    return Execution(results_of_begun, left, frozenset(settled), bool(given or answered))


def _record_ahead(
    held: HeldImage,
    given: Sequence[str],
    answered: Sequence[str],
    removing: Sequence[tuple[str, str]],
    failed: Collection[tuple[str, str]],
) -> None:
    """Record projects in advance, additions with the time of Glance's clock, as members have it.

    :param failed: members that earlier steps could not remove, if these have tried
    """

    def record(time_: str) -> None:
        held.change_publication(
            lambda publication: publication.after_failures(failed).with_given(
                given, answered, removing, time_
            )
        )

    if not given and not answered:
        record("")
        return
    now = datetime.now(UTC)
    record(now.strftime(TIME_FORMAT))
    written_at = held.current.image.updated_at or ""
    difference = (time_of(written_at) or now) - now
    if abs(difference) > _CLOCKS_DIFFER:
        record(written_at)


def _is_settled(do: str, result: ProjectResult) -> bool:
    """Whether the project is to be removed from the record: it was removed, it could certainly
    not be added, or it has answered itself.

    A project that became a member in the meantime may belong to another run. It stays
    recorded, since it would otherwise keep the image for good.
    """
    if do in (REMOVE, RESET):
        return result.outcome != results.FAILED
    if do == ACCEPT_MANUAL:
        return result.outcome in (results.KNOWN, results.FAILED)
    return do == ADD and result.outcome == results.FAILED and _is_refused(result.error)


def _is_refused(error: exceptions.ImageServiceError | None) -> bool:
    """Whether Glance has refused the request; without its response it may have been done."""
    status = error.status if error else None
    return status is not None and 400 <= status < 500


def perform(
    held: HeldImage, tasks: Sequence[Task], by_project: Mapping[str, Request] | None = None
) -> list[ProjectResult]:
    """Execute tasks in parallel.

    :param by_project: the requests with which projects' member status may be set
    """
    return in_parallel(lambda task: _do(held, task, by_project or {}), tasks)


def _perform_in_time(
    held: HeldImage, tasks: Sequence[Task], by_project: Mapping[str, Request]
) -> list[ProjectResult | None]:
    """Execute tasks in parallel; None for additions that would begin too late, by which they are
    recognized after an interruption.
    """
    deadline = time.monotonic() + ADDITIONS_BEGIN_WITHIN_S

    def perform_in_time(task: Task) -> ProjectResult | None:
        if task.do in (ADD, ACCEPT_MANUAL) and time.monotonic() > deadline:
            return None
        return _do(held, task, by_project)

    return in_parallel(perform_in_time, tasks)


def _do(held: HeldImage, task: Task, by_project: Mapping[str, Request]) -> ProjectResult:
    image_id, project_id = held.current.image.id, task.project_id
    return _DO[task.do](held.request, image_id, project_id, by_project.get(project_id))


def _add(
    request: Request, image_id: str, project_id: str, accepting_request: Request | None
) -> ProjectResult:
    try:
        members.member_create(request, image_id, project_id)
    except exceptions.ImageServiceError as error:
        if error.status == 409:
            return ProjectResult(project_id, results.KNOWN)
        return ProjectResult(project_id, results.FAILED, error)
    return _set_accepted(accepting_request, image_id, project_id)


def _accept(
    _request: Request, image_id: str, project_id: str, accepting_request: Request | None
) -> ProjectResult:
    """Accept for a project that is pending; a rejection in the meantime is preserved."""
    if accepting_request is not None:
        try:
            member: Member | None = members.member_get(accepting_request, image_id, project_id)
        except exceptions.ImageServiceError as error:
            return ProjectResult(project_id, results.FAILED, error)
        if member is None or member.status != PENDING:
            return ProjectResult(project_id, results.KNOWN)
    return _set_accepted(accepting_request, image_id, project_id)


def _set_accepted(
    accepting_request: Request | None, image_id: str, project_id: str
) -> ProjectResult:
    if accepting_request is None:
        return ProjectResult(project_id, results.PENDING)
    try:
        members.member_update(accepting_request, image_id, project_id, ACCEPTED)
    except exceptions.ImageServiceError as error:
        return ProjectResult(project_id, results.PENDING, error)
    return ProjectResult(project_id, results.ADDED)


def _remove(
    request: Request, image_id: str, project_id: str, _accepting_request: Request | None
) -> ProjectResult:
    try:
        members.member_delete(request, image_id, project_id)
    except exceptions.ImageNotFound:
        return ProjectResult(project_id, results.REMOVED)
    except exceptions.ImageServiceError as error:
        return ProjectResult(project_id, results.FAILED, error)
    return ProjectResult(project_id, results.REMOVED)


def _reset(
    _request: Request, image_id: str, project_id: str, accepting_request: Request | None
) -> ProjectResult:
    """Set a member that a user added, and for which publishing had accepted, back to pending."""
    if accepting_request is None:
        return ProjectResult(project_id, results.KEPT)
    try:
        members.member_update(accepting_request, image_id, project_id, PENDING)
    except exceptions.ImageServiceError as error:
        return ProjectResult(project_id, results.FAILED, error)
    return ProjectResult(project_id, results.PENDING)


_DO: Mapping[str, Callable[[Request, str, str, Request | None], ProjectResult]] = {
    ADD: _add,
    ACCEPT: _accept,
    ACCEPT_MANUAL: _accept,
    REMOVE: _remove,
    RESET: _reset,
}
