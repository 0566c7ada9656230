# SPDX-License-Identifier: Apache-2.0
"""The tasks of a plan, carried out: noted ahead, some of them at a time, each with its result.

What is given is noted before it is given: whatever breaks off, it is known
what has to be taken back, and the next run does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from helion_images_panel import exceptions
from helion_images_panel.api import members
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.domain_plan import ACCEPTED, PENDING
from helion_images_panel.core.image import Member
from helion_images_panel.publishing import results
from helion_images_panel.publishing.held_image import HeldImage
from helion_images_panel.publishing.plan import ACCEPT, ANSWER, ASK_AGAIN, GIVE, TAKE, Task
from helion_images_panel.publishing.results import PROJECTS_PER_STEP, ProjectResult

#: The requests with which these projects' answers may be given, without those
#: for which nobody here may answer.
Answering = Callable[[Sequence[str]], Mapping[str, Request]]


@dataclass(frozen=True)
class CarriedOut:
    """`left` tasks are still to be done; `settled` projects are not to be noted any more."""

    results: tuple[ProjectResult, ...]
    left: int
    settled: frozenset[str]

    @property
    def has_failed(self) -> bool:
        return any(result.outcome == results.FAILED for result in self.results)

    @property
    def gained(self) -> int:
        """How many projects have the image now that had it not."""
        return sum(result.outcome == results.ADDED for result in self.results)


def carry_out(
    held: HeldImage, tasks: Sequence[Task], answering: Answering, tried: Collection[str]
) -> CarriedOut:
    """As many as one step handles, without what the same run has tried before."""
    work = [task for task in tasks if task.project_id not in tried]
    now = work[:PROJECTS_PER_STEP]
    asked = [task.project_id for task in now if task.do != TAKE]
    acting = answering(asked) if asked else {}
    given = [task.project_id for task in now if task.do == GIVE]
    answered = [task.project_id for task in now if task.do == ANSWER and task.project_id in acting]
    if given or answered:
        held.change_note(lambda publication: publication.with_given(given, answered))
    done = perform(held, now, acting)
    settled = {
        task.project_id
        for task, result in zip(now, done, strict=True)
        if _is_settled(task.do, result.outcome)
    }
    return CarriedOut(tuple(done), len(work) - len(now), frozenset(settled))


def _is_settled(do: str, outcome: str) -> bool:
    """What was taken back, or could not be given.

    Who became a member meanwhile may be another run's: it stays noted, as it
    would else keep for good what was given to it.
    """
    if do in (TAKE, ASK_AGAIN):
        return outcome != results.FAILED
    return do == GIVE and outcome == results.FAILED


def perform(
    held: HeldImage, tasks: Sequence[Task], acting: Mapping[str, Request] | None = None
) -> list[ProjectResult]:
    """:param acting: the requests with which projects' answers may be given"""
    request, image_id, answers = held.request, held.now.image.id, acting or {}
    return in_parallel(
        lambda task: _DO[task.do](request, image_id, task.project_id, answers.get(task.project_id)),
        tasks,
    )


def _give(
    request: Request, image_id: str, project_id: str, acting: Request | None
) -> ProjectResult:
    try:
        members.member_create(request, image_id, project_id)
    except exceptions.ImageServiceError as error:
        if error.status == 409:
            return ProjectResult(project_id, results.KNOWN)
        return ProjectResult(project_id, results.FAILED, error)
    return _answered(acting, image_id, project_id)


def _accept(
    _request: Request, image_id: str, project_id: str, acting: Request | None
) -> ProjectResult:
    """For a project that has not answered; one that has rejected meanwhile stays so."""
    if acting is not None:
        try:
            member: Member | None = members.member_get(acting, image_id, project_id)
        except exceptions.ImageServiceError as error:
            return ProjectResult(project_id, results.FAILED, error)
        if member is None or member.status != PENDING:
            return ProjectResult(project_id, results.KNOWN)
    return _answered(acting, image_id, project_id)


def _answered(acting: Request | None, image_id: str, project_id: str) -> ProjectResult:
    if acting is None:
        return ProjectResult(project_id, results.PENDING)
    try:
        members.member_update(acting, image_id, project_id, ACCEPTED)
    except exceptions.ImageServiceError as error:
        return ProjectResult(project_id, results.PENDING, error)
    return ProjectResult(project_id, results.ADDED)


def _take(
    request: Request, image_id: str, project_id: str, _acting: Request | None
) -> ProjectResult:
    try:
        members.member_delete(request, image_id, project_id)
    except exceptions.ImageNotFound:
        return ProjectResult(project_id, results.REMOVED)
    except exceptions.ImageServiceError as error:
        return ProjectResult(project_id, results.FAILED, error)
    return ProjectResult(project_id, results.REMOVED)


def _ask_again(
    _request: Request, image_id: str, project_id: str, acting: Request | None
) -> ProjectResult:
    """A person's member, which publishing had accepted for: it is asked again."""
    if acting is None:
        return ProjectResult(project_id, results.KEPT)
    try:
        members.member_update(acting, image_id, project_id, PENDING)
    except exceptions.ImageServiceError as error:
        return ProjectResult(project_id, results.FAILED, error)
    return ProjectResult(project_id, results.PENDING)


_DO: Mapping[str, Callable[[Request, str, str, Request | None], ProjectResult]] = {
    GIVE: _give,
    ACCEPT: _accept,
    ANSWER: _accept,
    TAKE: _take,
    ASK_AGAIN: _ask_again,
}
