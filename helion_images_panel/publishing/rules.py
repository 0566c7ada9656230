# SPDX-License-Identifier: Apache-2.0
"""Apply stored rules: images that they find are deleted so that they can be restored.

Only rules that this dashboard has signed are applied, to images of the rule's own domain, and
only while the user who has stored the rule could still do so. A run that breaks off is
continued by the next one: what was deleted is found no more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from helion_images_panel import conf, exceptions, policy
from helion_images_panel.api import image_portions, images, projects, receiving, stored_rules
from helion_images_panel.core.deletion import deletion_of, is_interrupted
from helion_images_panel.core.glance_time import time_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.rule_search import Candidate, RuleSearch
from helion_images_panel.core.rules import CHANGED, NOT_OWN, RECEIVES_DATA, reason_alone, reason_now
from helion_images_panel.core.sources import Source, sources_of
from helion_images_panel.core.stored_rules import ALL_DOMAINS, StoredRule
from helion_images_panel.publishing.deletion import (
    NotRestorable,
    Protected,
    delete,
    delete_without_data,
)
from helion_images_panel.publishing.rule_owner import Owners
from helion_images_panel.publishing.rule_uses import uses_of

#: Images that are read, and whose uses are read, before they are deleted.
PORTION = 20

#: Time between the record of a deletion, by this host's clock, and Glance's of that change.
CLOCKS_DIFFER_BY = timedelta(seconds=60)


class NotApplied(exceptions.ImageServiceError):
    """The rules cannot be applied; ``str()`` is the reason."""


@dataclass(frozen=True)
class Applied:
    """One image that a rule has found: it was deleted, or is to be in a dry run.

    :ivar image: None for a rule, or all rules of a domain, that cannot be applied: `error`
    :ivar rule: None if the rules of the domain cannot be trusted
    :ivar error: why it could not be deleted
    :ivar kept: the reason to keep it, of `core.rules`; it was not deleted
    :ivar is_permanent: whether it has no data, so that it cannot be restored
    """

    image: Image | None
    rule: StoredRule | None
    domain_id: str
    error: str = ""
    kept: str = ""
    is_permanent: bool = False


def apply_rules(
    request: Any, now: datetime, domain_ids: Sequence[str] = (), dry_run: bool = False
) -> Iterator[Applied]:
    """Apply the rules image by image. The caller is a cloud admin; all domains without
    `domain_ids`.

    Raise NotApplied before the first result; later ImageServiceError if the images cannot be
    listed further, and SessionEnded: the results yielded before are valid.
    """
    if not policy.allows(request, policy.ADMIN):
        raise NotApplied("policy does not allow context_is_admin to the command's user")
    owners = Owners(request)
    for rules in stored_rules.rules_list(request):
        if domain_ids and rules.domain_id not in (*domain_ids, ALL_DOMAINS):
            continue
        yield from _Run(request, now, domain_ids, dry_run, rules.domain_id).of(rules, owners)


class _Run:
    """The rules of one domain, or of all domains."""

    def __init__(
        self, request: Any, now: datetime, domain_ids: Sequence[str], dry_run: bool, domain_id: str
    ):
        self._request, self._now, self._dry_run = request, now, dry_run
        self._domain_id = domain_id
        self._domain_ids = tuple(domain_ids) if domain_id == ALL_DOMAINS else (domain_id,)
        #: The projects of these domains; None until they are read, and for no limit.
        self._owners_now: Collection[str] | None = None
        #: Those that the present rule is limited to; None for no limit.
        self._projects: Collection[str] | None = None

    def of(self, rules: stored_rules.Rules, owners: Owners) -> Iterator[Applied]:
        nothing = Applied(None, None, self._domain_id)
        if rules.stored is None:
            yield replace(nothing, error="the rules are not signed by this dashboard")
            return
        for rule in rules.stored:
            if not owners.may_apply(rule, self._domain_id):
                error = f"{rule.by}, who has stored the rule, is no admin there any more"
                yield replace(nothing, rule=rule, error=error)
                continue
            if self._owners_now is None and self._domain_ids:
                self._owners_now = self._owners()
            self._projects = self._owners_now
            if rule.rule.projects:
                named = frozenset(rule.rule.projects)
                self._projects = named if self._projects is None else named & set(self._projects)
            yield from self._applied(rule)

    def _owners(self) -> frozenset[str]:
        return frozenset(
            project.id
            for domain_id in self._domain_ids
            for project in projects.projects_now(self._request, domain_id)
        )

    def _applied(self, rule: StoredRule) -> Iterator[Applied]:
        search = RuleSearch(rule.rule, self._now, most_found=None, most_groups=None)
        for image in self._images():
            if is_interrupted(image) and _began(rule, image):
                yield self._finished(image, rule)
            search.add(image)
        candidates = search.candidates()
        while portion := list(islice(candidates, PORTION)):
            yield from self._portion(rule, portion)

    def _images(self) -> Iterator[Image]:
        every: Sequence[Source] = (Source(visibility="all"),)
        if self._projects is not None:
            every = sources_of(sorted(self._projects))
        for source in every:
            for hidden in ("", "true"):
                parameters = source.parameters(ImageQuery(hidden=hidden)) or {}
                for image in image_portions.whole(self._request, parameters):
                    if source.owns(image):
                        yield image

    def _finished(self, image: Image, rule: StoredRule) -> Applied:
        """Finish a deletion of a run that was killed: the data could still be used."""
        applied = Applied(image, rule, self._domain_id)
        if self._dry_run:
            return applied
        return self._attempted(
            applied, lambda: delete(self._request, image, rule.by, 0, is_interrupted)
        )

    def _portion(self, rule: StoredRule, portion: Sequence[Candidate]) -> Iterator[Applied]:
        """Read the images again with what decides, and delete them one by one."""
        ids = [id_ for each in portion for id_ in (each.id, *each.kept_ids)]
        read = images.images_or_errors(self._request, ids)
        found = {id_: each for id_, each in read.items() if isinstance(each, Image)}
        ended = [each for each in read.values() if isinstance(each, exceptions.SessionEnded)]
        if ended:
            raise ended[0]
        own = [found[each.id] for each in portion if each.id in found]
        uses = uses_of(self._request, own) if rule.rule.needs_uses else {}
        for each in portion:
            image = found.get(each.id)
            if image is None:
                continue
            kept = [found.get(id_) for id_ in each.kept_ids]
            reason = reason_now(rule.rule, image, self._now, kept, uses.get(image.id))
            applied = Applied(image, rule, self._domain_id, is_permanent=not rule.rule.needs_uses)
            if self._projects is not None and image.owner not in self._projects:
                reason = NOT_OWN
            yield replace(applied, kept=reason) if reason else self._deleted(applied, image, rule)

    def _deleted(self, applied: Applied, image: Image, rule: StoredRule) -> Applied:
        days = int(conf.RESTORE_DAYS.value)
        if not applied.is_permanent and not days:
            return replace(
                applied, error="HELION_IMAGES_RESTORE_DAYS is 0: it could not be restored"
            )

        def is_due(current: Image) -> bool:
            return not reason_alone(rule.rule, current, self._now)

        if applied.is_permanent:
            return self._attempted(applied, lambda: self._delete_without_data(image, is_due))
        if self._dry_run:
            return applied
        return self._attempted(applied, lambda: delete(self._request, image, rule.by, days, is_due))

    def _delete_without_data(self, image: Image, is_due: Callable[[Image], bool]) -> str:
        if receiving.receives_data(self._request, image):
            return RECEIVES_DATA
        if not self._dry_run:
            delete_without_data(self._request, image, is_due)
        return ""

    def _attempted(self, applied: Applied, attempt: Callable[[], object]) -> Applied:
        try:
            result = attempt()
        except (NotRestorable, Protected, exceptions.ImageNotFound):
            return replace(applied, kept=CHANGED)
        except exceptions.ImageServiceError as error:
            return replace(applied, error=str(error))
        return replace(applied, kept=result) if isinstance(result, str) else applied


def _began(rule: StoredRule, image: Image) -> bool:
    """Whether a run has begun to delete the image: nothing has changed it since. A restoration
    that was broken off looks the same, but has changed it later.
    """
    deletion = deletion_of(image)
    at, updated = time_of(deletion.at if deletion else None), time_of(image.updated_at)
    if not (deletion and at and updated) or deletion.by != rule.by:
        return False
    return abs(updated - at) <= CLOCKS_DIFFER_BY
