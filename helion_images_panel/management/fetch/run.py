# SPDX-License-Identifier: Apache-2.0
"""One run: what has to be allowed and free, the comparison, and the images one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

from helion_images_panel import policy
from helion_images_panel.api import client, images, imports, lock
from helion_images_panel.api.cache import CacheUnavailable
from helion_images_panel.catalogue.check import check, official_images
from helion_images_panel.catalogue.comparison import Comparison
from helion_images_panel.catalogue.entries import Entry
from helion_images_panel.core.image import Image
from helion_images_panel.management.fetch import plan
from helion_images_panel.management.fetch.fetching import Download
from helion_images_panel.management.fetch.plan import Options, Result, is_unfinished
from helion_images_panel.management.fetch.session import Session
from helion_images_panel.management.fetch.streamed import Streamed

#: The rule by which Glance allows a visibility.
_RULES = {"public": policy.PUBLICIZE_IMAGE, "community": policy.COMMUNITIZE_IMAGE}


class NotRun(Exception):
    """The command cannot run; ``str()`` is the reason."""


def run(session: Session, entries: Sequence[Entry], options: Options) -> Iterator[Result]:
    """Yield the result of each entry. Raise NotRun, ImageServiceError and SessionEnded before
    the first.
    """
    _require(session, options)
    with nullcontext() if options.is_dry_run else _exclusive(session):
        images = session.call(official_images)
        unfinished = [each for each in images if is_unfinished(each, session.project_id)]
        ids = {image.id for image in unfinished}
        known = [image for image in images if image.id not in ids]
        yield from _fetched(session, check(entries, known), known, unfinished, options)


def _require(session: Session, options: Options) -> None:
    """Refuse at once what Glance would refuse after a download."""
    if not session.project_id:
        raise NotRun("the command's user needs a project, which the new images belong to")
    rules = [policy.ADD_IMAGE, policy.UPLOAD_IMAGE]
    if options.visibility in _RULES:
        rules.append(_RULES[options.visibility])
    for rule in rules:
        if not policy.allows(session.request, rule):
            raise NotRun(f"policy does not allow {rule} to the command's user")
    if options.visibility != "private" and session.call(images.image_schema).may_refuse_changes:
        raise NotRun(
            "this cloud requires properties of images, so that their visibility may not change "
            "after the data was compared: use --visibility private"
        )


def _fetched(
    session: Session,
    comparisons: Sequence[Comparison],
    known: Sequence[Image],
    unfinished: Sequence[Image],
    options: Options,
) -> Iterator[Result]:
    """Fetch the images of these entries, one after the other.

    :param known: the cloud's images, without the unfinished ones
    :param unfinished: those that this command has begun
    """
    downloads = imports.WEB_DOWNLOAD in session.call(imports.import_methods)
    for compared in comparisons:
        begun = plan.unfinished_image(compared.entry, compared.newest, unfinished)
        result = plan.settled(compared, known, begun, options, downloads)
        if result is None and compared.newest:
            kind = Streamed if compared.newest.compression else Download
            result = kind(session, compared, compared.newest, options).result(begun)
        if result:
            yield result


@contextmanager
def _exclusive(session: Session) -> Iterator[None]:
    """Allow one run at a time in a project: two would both fetch what is out of date."""
    name = client.cache_key(session.request, f"catalogue_fetch.{session.project_id}")
    try:
        with lock.held(name):
            yield
    except lock.LockHeld as error:
        raise NotRun("another run of the command is fetching images") from error
    except CacheUnavailable as error:
        raise NotRun("the cache, which has the lock of the command, is not available") from error
