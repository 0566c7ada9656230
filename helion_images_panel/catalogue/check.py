# SPDX-License-Identifier: Apache-2.0
"""The catalogue compared with the publishers' lists and with the images of a cloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helion_images_panel.api import image_pages, publishers
from helion_images_panel.api.client import Request
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.catalogue.comparison import Comparison, compare, in_order
from helion_images_panel.catalogue.entries import Build, Entry, host_of
from helion_images_panel.catalogue.newest import Missing, NotFound, Read, Response, newest_build
from helion_images_panel.core.image import Image


def check(entries: Sequence[Entry], images: Sequence[Image]) -> list[Comparison]:
    """Compare each entry with these images of the cloud, such as `official_images`."""
    read = reader()

    def compared(entry: Entry) -> Comparison:
        newest, reason = newest_or_reason(entry, read)
        return compare(entry, newest, images, reason)

    return in_order(in_parallel(compared, entries))


def official_images(request: Request) -> list[Image]:
    """Return the images that can be those of the catalogue: public ones, and those of the
    user's project.

    Every member can write the same properties on an image of their own.
    """
    queries = [{"visibility": "public"}]
    if request.user.project_id:  # A token of a domain or of the system has none.
        queries.append({"visibility": "all", "owner": str(request.user.project_id)})
    found = {
        image.id: image for query in queries for image in image_pages.all_images(request, query)
    }
    return list(found.values())


def newest_visible_images(request: Request, is_admin: bool, limit: int) -> list[Image]:
    """Return the newest images that the user's project sees, in one request; in two for an
    admin, to whose token Glance lists the images of all projects.

    :param limit: of each request
    """
    queries = [{"visibility": "public"}, {"visibility": "all", "owner": request.user.project_id}]
    lists = in_parallel(
        lambda query: image_pages.newest_images(request, query, limit),
        queries if is_admin else [{}],
    )
    return list({image.id: image for images in lists for image in images}.values())


def reader() -> Read:
    """Return what reads lists; each of them once."""
    lists = publishers.Lists(host_of)

    def read(url: str, hosts: frozenset[str], max_bytes: int) -> Response:
        try:
            return Response(*lists.read(url, hosts, max_bytes))
        except publishers.NotRead as error:
            raise (Missing if error.is_missing else NotFound)(str(error)) from error

    return read


def newest_builds(
    entries: Sequence[Entry],
) -> tuple[dict[tuple[str, str], Build | None], dict[str, str]]:
    """Return the newest build of each entry by its key, with its size, and the reasons by title
    for which some have none.
    """
    read = reader()

    def found(entry: Entry) -> tuple[Build | None, str]:
        newest, reason = newest_or_reason(entry, read)
        return (with_size(entry, newest) if newest and entry.listing else newest), reason

    results = in_parallel(found, entries)
    builds = {entry.key: build for entry, (build, _) in zip(entries, results, strict=True)}
    reasons = {entry.title: reason for entry, (_, reason) in zip(entries, results, strict=True)}
    return builds, {title: reason for title, reason in reasons.items() if reason}


def with_size(entry: Entry, build: Build) -> Build:
    """Ask the publisher's server for the size of the file, if no list has it."""
    if build.size_bytes is not None or publishers.is_off():
        return build
    return replace(build, size_bytes=publishers.size_of(build.url, entry.hosts, host_of))


def newest_or_reason(entry: Entry, read: Read) -> tuple[Build | None, str]:
    """Return the newest build of the publisher, or of the file if the publisher is not asked;
    else the reason.
    """
    if publishers.is_off() or entry.listing is None:
        return entry.newest_of_file, ""
    try:
        return newest_build(entry, read), ""
    except NotFound as error:
        return None, str(error)
