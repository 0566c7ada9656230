# SPDX-License-Identifier: Apache-2.0
"""The audience of a new version: that of the version that it replaces.

The previous version keeps its own: instances that were launched from it can be rebuilt only
by projects that have it. So at no moment a project has neither of the two.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from helion_images_panel.api import forgiven, members
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.domain_plan import ACCEPTED, PENDING, REJECTED
from helion_images_panel.core.family import NEW
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import (
    DOMAIN,
    OWN,
    Publication,
    RecordedImage,
    audience_of,
)
from helion_images_panel.core.version_swap import Journal
from helion_images_panel.exceptions import ImageNotFound, ImageServiceError
from helion_images_panel.publishing import results
from helion_images_panel.publishing.execution import AcceptingRequests
from helion_images_panel.publishing.held_image import HeldImage
from helion_images_panel.publishing.plan import known_members, quota
from helion_images_panel.publishing.refusals import PublishedElsewhere, TooManyProjects
from helion_images_panel.publishing.results import ProjectResult
from helion_images_panel.publishing.steps import OwnersDomain, publish_held
from helion_images_panel.publishing.version_refusals import MembersMissing

#: Seconds after which no further step of publishing begins: a request has to end.
STEPS_BEGIN_WITHIN_S = 20

#: Writes the journal, and returns it.
WriteJournal = Callable[[Journal], Journal]

#: Returns the domain of the image's owner.
DomainOf = Callable[[Image], OwnersDomain]


class Audience:
    """The audience of one new version, whose lock the caller has."""

    def __init__(
        self, new: HeldImage, accepting_requests: AcceptingRequests, domain_of: DomainOf
    ) -> None:
        self._new = new
        self._accepting_requests = accepting_requests
        self._domain_of = domain_of

    def follow(self, old: RecordedImage, journal: Journal, write: WriteJournal) -> Journal:
        """Give the new version to everybody who has the old one. Raise MembersMissing if some
        of them do not have it yet.

        A version that already reaches more stays as it is.
        """
        wanted = audience_of(old.image.visibility)
        if wanted:
            if not self._reaches(old.image.visibility):
                publish_held(self._new, wanted, self._accepting_requests)
            return journal
        if old.image.visibility != "shared" or audience_of(self._visibility):
            return journal
        old_members = known_members(self._new.request, old.image)
        if old.publication and old.publication.audience == DOMAIN:
            self._publish(old.publication)
        given = old.publication.given_among(old_members) if old.publication else ()
        of_users = [
            member
            for member in old_members
            if member.project_id not in given and member.project_id != self._new.current.image.owner
        ]
        return self._share(of_users, old_members, journal, write)

    @property
    def _visibility(self) -> str:
        return self._new.current.image.visibility

    def _reaches(self, visibility: str) -> bool:
        return self._visibility in ("public", visibility)

    def _publish(self, old: Publication) -> None:
        domain = self._domain_of(self._new.current.image)
        if domain.id != old.domain_id:
            raise PublishedElsewhere()
        deadline = time.monotonic() + STEPS_BEGIN_WITHIN_S
        tried: frozenset[str] = frozenset()
        while True:
            step = publish_held(
                self._new, DOMAIN, self._accepting_requests, domain, tried, remove_old=True
            )
            tried |= step.tried
            failed = [each for each in step.results if each.outcome == results.FAILED]
            if failed or (step.left and time.monotonic() > deadline):
                raise MembersMissing(step.left + len(failed), _first_error(failed))
            if not step.left:
                return

    def _share(
        self,
        wanted: Sequence[Member],
        old_members: Sequence[Member],
        journal: Journal,
        write: WriteJournal,
    ) -> Journal:
        """Make members of the old version members of the new one, with their answers."""
        request, image_id = self._new.request, self._new.current.image.id
        if self._visibility != "shared":
            self._new.write("shared", self._new.current.publication)
        found = self._without_former(old_members, journal)
        statuses = {member.project_id: member.status for member in found}
        # A project that has rejected the image is not asked again.
        missing = [
            member.project_id
            for member in wanted
            if member.project_id not in statuses and member.status != REJECTED
        ]
        limit = quota()
        if limit is not None and missing and len(statuses) + len(missing) > limit:
            raise TooManyProjects(len(statuses) + len(missing), limit)
        if not set(missing).issubset(journal.given):
            journal = write(journal.with_given(missing))
        errors = in_parallel(lambda id_: _add(request, image_id, id_), missing)
        failed = [error for error in errors if error]
        if failed:
            raise MembersMissing(len(failed), failed[0])
        statuses |= dict.fromkeys(missing, PENDING)
        return self._answer(old_members, statuses, journal, write)

    def _without_former(self, kept: Sequence[Member], journal: Journal) -> list[Member]:
        """Return the members. Those that a private image had before are active again with its
        visibility, and are removed.

        Interrupted, it is done again: what a user has added since is younger than the journal.
        """
        found = known_members(self._new.request, self._new.current.image)
        if journal.visibility != "private":
            return found
        keeping = {
            *journal.given,
            *self._published_to,
            *(member.project_id for member in kept if member.status != REJECTED),
        }
        former = [
            member
            for member in found
            if member.project_id not in keeping
            and member.status != REJECTED
            and (member.created_at or "") < journal.at
        ]
        self._remove([member.project_id for member in former])
        return [member for member in found if member not in former]

    def _answer(
        self,
        old_members: Sequence[Member],
        statuses: Mapping[str, str],
        journal: Journal,
        write: WriteJournal,
    ) -> Journal:
        """Give members of both the answer of the old version, as far as this user may."""
        answers = {
            member.project_id: member.status
            for member in old_members
            if self._is_answered_for(member, statuses.get(member.project_id), journal)
        }
        requests = self._accepting_requests(list(answers)) if answers else {}
        possible = {id_: answer for id_, answer in answers.items() if id_ in requests}
        given = {*journal.given, *self._published_to}
        if before := [id_ for id_ in possible if id_ not in given]:
            journal = write(journal.with_answered(before))
        self._set_answers(requests, possible)
        return journal

    def _set_answers(self, requests: Mapping[str, Request], answers: Mapping[str, str]) -> None:
        image_id = self._new.current.image.id

        def answer(project_id: str) -> None:
            try:
                members.member_update(
                    requests[project_id], image_id, project_id, answers[project_id]
                )
            except ImageServiceError as error:
                # The project stays pending, which the tab Access shows.
                forgiven.log("the answer of a member to the previous version", error)

        in_parallel(answer, list(answers))

    @property
    def _published_to(self) -> tuple[str, ...]:
        publication = self._new.current.publication
        return publication.given if publication else ()

    def _is_answered_for(self, old: Member, status: str | None, journal: Journal) -> bool:
        """Whether the answer is to be copied to a project with this status: to none that has
        answered itself, but publishing may have accepted for one.
        """
        if status == PENDING:
            return old.status in (ACCEPTED, REJECTED)
        is_automatic = status == ACCEPTED and old.project_id in self._published_to
        return is_automatic and journal.role == NEW and old.status == REJECTED

    def _remove(self, project_ids: Sequence[str]) -> None:
        request, image_id = self._new.request, self._new.current.image.id

        def remove(project_id: str) -> ImageServiceError | None:
            try:
                members.member_delete(request, image_id, project_id)
            except ImageNotFound:
                return None
            except ImageServiceError as error:
                return error
            return None

        failed = [error for error in in_parallel(remove, list(project_ids)) if error]
        if failed:
            raise failed[0]

    def restore(self, journal: Journal) -> None:
        """Take back what `follow` has given; raise MembersMissing if some projects still have
        it.
        """
        if (journal.given or journal.answered) and self._visibility == "shared":
            found = known_members(self._new.request, self._new.current.image)
            current = {member.project_id for member in found}
            self._remove([id_ for id_ in journal.given if id_ in current])
            answered = [id_ for id_ in journal.answered if id_ in current]
            requests = self._accepting_requests(answered) if answered else {}
            self._set_answers(requests, {id_: PENDING for id_ in answered if id_ in requests})
        if not journal.published and self._new.current.publication:
            self._unpublish()
        publication = self._new.current.publication
        if journal.visibility == self._visibility:
            return
        if journal.published and publication and publication.domain_id:
            # It was published to its domain, and then to the whole cloud by this change.
            self._new.write(journal.visibility, replace(publication, audience=DOMAIN))
        elif not self._has_own_members(journal):
            self._new.write(journal.visibility, None)

    def _unpublish(self) -> None:
        tried: frozenset[str] = frozenset()
        while True:
            step = publish_held(self._new, OWN, self._accepting_requests, tried=tried)
            tried |= step.tried
            failed = [each for each in step.results if each.outcome == results.FAILED]
            if failed:
                raise MembersMissing(len(failed), _first_error(failed))
            if not step.left:
                return

    def _has_own_members(self, journal: Journal) -> bool:
        """Whether a user has shared the image in the meantime: it stays shared then."""
        if journal.visibility != "private" or self._visibility != "shared":
            return False
        found = known_members(self._new.request, self._new.current.image)
        return any(
            member.project_id not in journal.given and (member.created_at or "") >= journal.at
            for member in found
        )


def _add(request: Request, image_id: str, project_id: str) -> ImageServiceError | None:
    try:
        members.member_create(request, image_id, project_id)
    except ImageServiceError as error:
        return None if error.status == 409 else error
    return None


def _first_error(failed: Sequence[ProjectResult]) -> ImageServiceError | None:
    return next((each.error for each in failed if each.error), None)
