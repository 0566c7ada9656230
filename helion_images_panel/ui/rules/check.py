# SPDX-License-Identifier: Apache-2.0
"""Images that a rule has found, read again with all that decides whether they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest

from helion_images_panel import policy
from helion_images_panel.api import receiving
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core import rules
from helion_images_panel.core.image import Image
from helion_images_panel.core.rule_search import Candidate
from helion_images_panel.core.rules import READ_USES, Rule, reason_alone, reason_now
from helion_images_panel.core.uses import ImageUses
from helion_images_panel.ui.actions.delete import is_restorable
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.scopes.permissions import change_refusal
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.uses import labels
from helion_images_panel.ui.uses.queries import find_uses

#: Images that are read together: their uses take two requests each, and four more for what may
#: be a kernel or a ramdisk.
PORTION = 20


class Check:
    """Reads the images, what their groups keep, and their uses.

    :ivar images: those that the panel shows, by ID, with those that their groups keep
    :ivar note: why uses are not known; empty if they are
    """

    def __init__(
        self,
        request: HttpRequest,
        scope: PanelScope,
        rule: Rule,
        now: datetime,
        candidates: Sequence[Candidate],
        reads_uses: bool = True,
    ):
        """:param reads_uses: whether uses are read; else they are unknown"""
        self._request, self._scope, self._rule, self._now = request, scope, rule, now
        self._candidates = {each.id: each for each in candidates}
        ids = [id_ for each in candidates for id_ in (each.id, *each.kept_ids)]
        read = scope.images_or_errors(request, ids)
        self.images: Mapping[str, Image] = {
            id_: image
            for id_, image in read.items()
            if isinstance(image, Image) and scope.may_read(request, image)
        }
        own = [self.images[id_] for id_ in self._candidates if id_ in self.images]
        open_ = [image for image in own if not self._refused(image)]
        self.note = ""
        self._uses: Mapping[str, ImageUses] = {}
        self._receiving: frozenset[str] = frozenset()
        if not rule.needs_uses:
            self._receiving = self._receiving_data(open_)
        elif reads_uses:
            self._read_uses(open_)

    def _refused(self, image: Image) -> str:
        """Return the reason to keep the image that needs no further request."""
        if reason := reason_alone(self._rule, image, self._now):
            return reason
        scope, acting = self._scope, self._scope.request_for(self._request, image)
        if not scope.may_write(self._request, image):
            return rules.NOT_OWN
        if change_refusal(acting, scope, image, policy.DELETE_IMAGE):
            return rules.NOT_ALLOWED
        if self._rule.needs_uses and not is_restorable(acting, image):
            return rules.NOT_RESTORABLE
        return ""

    def _receiving_data(self, found: Sequence[Image]) -> frozenset[str]:
        acting = [(self._scope.request_for(self._request, image), image) for image in found]

        def receives(pair: tuple[HttpRequest, Image]) -> bool:
            return receiving.receives_data(*pair)

        ask = or_default(receives, True, "whether an image receives data")
        results = in_parallel(ask, acting)
        return frozenset(image.id for image, is_so in zip(found, results, strict=True) if is_so)

    def _read_uses(self, found: Sequence[Image]) -> None:
        uses = find_uses(self._request, self._scope, found, READ_USES)
        self._uses = uses.by_image
        failures = {
            kind: each.failures[kind]
            for each in self._uses.values()
            for kind in READ_USES
            if kind in each.failures
        }
        sentences = [labels.failure(kind, error) for kind, error in failures.items()]
        self.note = " ".join(filter(None, [uses.note(), *sentences]))

    @property
    def has_failed(self) -> bool:
        """Whether the services of the uses fail."""
        found = self._uses.values()
        return any(kind in each.failures for each in found for kind in rules.HARMED_USES)

    def reason(self, image: Image) -> str:
        """Return the reason to keep the image, which may have been read since; empty for none."""
        if reason := self._refused(image):
            return reason
        if image.id in self._receiving:
            return rules.RECEIVES_DATA
        kept = [self.images.get(id_) for id_ in self._candidates[image.id].kept_ids]
        return reason_now(self._rule, image, self._now, kept, self._uses.get(image.id))

    def is_due(self, image: Image) -> bool:
        """Whether the image itself, as it is under its lock, is still to be deleted."""
        return not reason_alone(self._rule, image, self._now)
