# SPDX-License-Identifier: Apache-2.0
"""Images at Glance: get, create, update, delete, upload."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from glanceclient.common.utils import strip_version
from openstack_dashboard.api import base
from oslo_utils import uuidutils

from helion_images_panel import conf
from helion_images_panel.api import audit, cache, client, forgiven, overwriting, shapes
from helion_images_panel.api.client import Chunks, ImageData, Request, image_path
from helion_images_panel.api.image_rows import IDS_PER_CALL, by_id, list_rows
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.byte_range import ByteRange
from helion_images_panel.core.changes import is_patchable, json_patch, not_applied
from helion_images_panel.core.image import BASE_ATTRIBUTES, Image
from helion_images_panel.core.image_schema import ImageSchema
from helion_images_panel.core.page import Cursor
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.exceptions import (
    ChangeNotApplied,
    ImageNotFound,
    ImageServiceError,
    NotPatchable,
    PropertyRequired,
    SessionEnded,
    unexpected_image_response,
)
from helion_images_panel.redaction import without_secrets

#: Header that names the store of an upload (Image service API v2, "Upload binary image
#: data").
STORE_HEADER = "x-image-meta-store"

#: Seconds. Operators change the schema by restarting Glance.
SCHEMA_CACHE_S = 60

#: An image, or the error of reading it.
ImageOrError: TypeAlias = Image | ImageServiceError | SessionEnded


def image_get(request: Request, image_id: str) -> Image:
    """Return the image; raise ImageNotFound without one."""
    return audit.seen(request, _image(client.get(request, image_path(image_id))))


def images_by_id(request: Request, image_ids: Sequence[str]) -> list[Image]:
    """Return those of the images that exist, with one request, and one for each that the list
    lacks.

    Glance's list does not include hidden images, or shared ones that are not accepted.
    """
    ids = [id_ for id_ in image_ids[:IDS_PER_CALL] if uuidutils.is_uuid_like(id_)]
    if not ids:
        return []
    listed = list_rows(request, by_id(ids, ImageQuery()), Cursor(), len(ids))
    missing = sorted(set(ids).difference(image.id for image in listed))
    others = in_parallel(lambda image_id: _image_or_none(request, image_id), missing)
    return [*listed, *(image for image in others if image)]


def images_or_errors(request: Request, image_ids: Sequence[str]) -> dict[str, ImageOrError]:
    """Return each of the images, or the error of reading it, by ID.

    A few are requested individually. Many are listed by their IDs, first the visible
    and then the hidden ones; only IDs in no list are requested individually, up to
    `IDS_PER_CALL`: the lists contain all images that the user may change.
    """
    missing = list(dict.fromkeys(image_ids))
    results: dict[str, ImageOrError] = {}
    for hidden in ("", "true"):
        if len(missing) > conf.CONCURRENCY.value:
            results |= {image.id: image for image in _listed(request, missing, hidden)}
            missing = [id_ for id_ in missing if id_ not in results]
    requested, not_requested = missing[:IDS_PER_CALL], missing[IDS_PER_CALL:]
    responses = in_parallel(lambda image_id: image_or_error(request, image_id), requested)
    not_found = dict.fromkeys(not_requested, ImageNotFound(_("Image not found.")))
    return results | dict(zip(requested, responses, strict=True)) | not_found


def images_listed(
    request: Request, image_ids: Sequence[str], hidden: Sequence[str] = ("", "true")
) -> list[Image]:
    """Return those of the images that Glance lists, hidden ones too.

    In parallel, a request for each `IDS_PER_CALL` of them and each value of `hidden`.
    """
    ids = [id_ for id_ in image_ids if uuidutils.is_uuid_like(id_)]
    groups = [
        (ids[i : i + IDS_PER_CALL], ImageQuery(hidden=each))
        for each in hidden
        for i in range(0, len(ids), IDS_PER_CALL)
    ]
    lists = in_parallel(
        lambda group: list_rows(request, by_id(*group), Cursor(), len(group[0])), groups
    )
    return [image for rows in lists for image in rows]


def _listed(request: Request, image_ids: Sequence[str], hidden: str) -> list[Image]:
    """Return those of the images that Glance lists; none if a request fails."""
    try:
        return images_listed(request, image_ids, (hidden,))
    except (ImageServiceError, SessionEnded) as error:
        forgiven.log("a list of many images, which are requested one by one", error)
        return []


def image_or_error(request: Request, image_id: str) -> ImageOrError:
    """Return the image, or the error of reading it."""
    try:
        return image_get(request, image_id)
    except (ImageServiceError, SessionEnded) as error:
        return error


def images_naming(
    request: Request, image_id: str, property_name: str, limit: int, hidden: bool = False
) -> list[Image]:
    """Return images that name this one in a property, if Glance lists them, by name.

    :param property_name: such as one of `core.uses.ORIGINS`, which any member may change
    :param hidden: whether these are hidden images, which Glance lists separately
    """
    image_path(image_id)  # raises for an invalid ID
    parameters = {property_name: image_id, "visibility": "all"}
    if hidden:
        parameters["os_hidden"] = "true"
    return list_rows(request, parameters, Cursor(), limit)


def newest_images(request: Request, limit: int) -> list[Image]:
    """Return the newest of the images that the user sees."""
    body = client.get(request, "/v2/images", {"limit": limit, "sort": "created_at:desc"})
    return [_image(row) for row in shapes.rows(body, "images")]


def _image_or_none(request: Request, image_id: str) -> Image | None:
    try:
        return image_get(request, image_id)
    except ImageNotFound:
        return None


def image_create(request: Request, attributes: Mapping[str, Any]) -> Image:
    """Create an image record, which is queued; names and units are those of Glance's API."""
    with audit.recorded(request, "image_create", "", attributes, before={}) as draft:
        image = _image(client.post(request, "/v2/images", attributes))
        draft.set_image(image)
    return audit.seen(request, image)


def image_update(request: Request, image_id: str, changes: Mapping[str, Any]) -> Image:
    """Change only these attributes and properties; None removes a property.

    Raise NotPatchable before anything is changed, PropertyRequired if the cloud requires a
    property and refuses the change because of it, ChangeNotApplied if Glance's response
    differs from what was requested, and DataTransferred if Glance would undo the change.
    """
    if refused := [name for name in changes if not is_patchable(name)]:
        raise NotPatchable(refused)
    overwriting.check_before(request, image_id, changes)
    body = json.dumps(json_patch(changes))
    with audit.image_changed(request, "image_update", image_id, changes):
        try:
            image = _image(client.patch(request, image_path(image_id), body))
        except PropertyRequired as error:
            _complete(request, image_id, error)
            raise
        if differing := not_applied(changes, image):
            raise ChangeNotApplied(differing)
        overwriting.check_after(image, changes)
    return audit.seen(request, image)


def image_delete(request: Request, image_id: str) -> None:
    with audit.image_changed(request, "image_delete", image_id, {"status": "deleted"}):
        client.delete(request, image_path(image_id))


def image_deactivate(request: Request, image_id: str) -> None:
    """Deactivate an active image: only admins can then read its data."""
    with audit.image_changed(request, "image_deactivate", image_id, {"status": "deactivated"}):
        client.post(request, image_path(image_id, "actions", "deactivate"))


def image_reactivate(request: Request, image_id: str) -> None:
    with audit.image_changed(request, "image_reactivate", image_id, {"status": "active"}):
        client.post(request, image_path(image_id, "actions", "reactivate"))


def image_upload(request: Request, image_id: str, body: Chunks, store: str | None = None) -> None:
    """Upload the data of a queued image. On any error Glance leaves it queued.

    :param store: ID of the target store; None for Glance's default
    """
    headers = {STORE_HEADER: store} if store else {}
    size_bytes = client.size_of(body)
    after = {
        **({} if size_bytes is None else {"size": size_bytes}),
        **({"stores": store} if store else {}),
    }
    with audit.image_changed(request, "image_upload", image_id, after):
        client.put_data(request, image_path(image_id, "file"), body, headers)


def image_data(
    request: Request, image_id: str, byte_range: str | None = None
) -> AbstractContextManager[ImageData]:
    """Open the data of an active image, or a range of it, as a stream."""
    return client.open_data(request, image_path(image_id, "file"), byte_range)


def image_part(request: Request, image_id: str, part: ByteRange) -> bytes | None:
    """Return a small part of the data of an active image; None if its store returns no parts."""
    return client.get_part(request, image_path(image_id, "file"), part)


def hash_algorithm(request: Request) -> str | None:
    """Return `os_hash_algo` of this Glance, read from an active image; None without one."""
    query = {"status": "active", "sort": "created_at:desc", "limit": 1}
    for row in shapes.rows(client.get(request, "/v2/images", query), "images"):
        return _image(row).hash_algorithm
    return None


def direct_upload(request: Request, image_id: str) -> dict[str, str]:
    """Return the URL and the token with which a browser can upload the data to Glance.

    For HORIZON_IMAGES_UPLOAD_MODE = "direct" only: this is the only case in which a
    token is sent to JavaScript.
    """
    endpoint, _version = strip_version(base.url_for(request, "image", "publicURL"))
    url = endpoint.rstrip("/") + image_path(image_id, "file")
    return {"url": url, "token": request.user.token.id}


def image_add_location(request: Request, image_id: str, url: str) -> Image:
    """Register an external location of the image's data; Glance must allow locations."""
    patch = [{"op": "add", "path": "/locations/-", "value": {"url": url, "metadata": {}}}]
    after = {"location": without_secrets(url)}
    with audit.recorded(request, "image_add_location", image_id, after, before={}):
        try:
            image = _image(client.patch(request, image_path(image_id), json.dumps(patch)))
        except PropertyRequired:
            # Every Glance that requires properties has this request, which changes no
            # attribute; it adds the location in the background.
            client.post(request, image_path(image_id, "locations"), {"url": url})
            image = image_get(request, image_id)
    return audit.seen(request, image)


def image_schema(request: Request) -> ImageSchema:
    """Return the formats that this Glance accepts, and the properties that it requires."""
    schema = _read_schema(request)
    cache.set(_schema_key(request), schema, SCHEMA_CACHE_S)
    return schema


def recent_image_schema(request: Request) -> ImageSchema:
    """Return the same as it was at most SCHEMA_CACHE_S seconds ago."""
    return cache.recent(_schema_key(request), SCHEMA_CACHE_S, lambda: _read_schema(request))


def _read_schema(request: Request) -> ImageSchema:
    schema = shapes.parsed(ImageSchema.from_glance, client.get(request, "/v2/schemas/image"))
    if not schema.disk_formats or not schema.container_formats:
        raise unexpected_image_response()
    return schema


def _schema_key(request: Request) -> str:
    return client.cache_key(request, "image_schema")


def _complete(request: Request, image_id: str, error: PropertyRequired) -> None:
    """Add to the error what else the cloud requires, and what of it the image does not have."""
    try:
        schema = recent_image_schema(request)
        if error.name not in schema.required_names:  # It is new.
            schema = image_schema(request)
        if error.name in schema.required_names:
            error.required = schema.required_names
    except (ImageServiceError, SessionEnded) as unreadable:
        forgiven.log("the properties that the cloud requires", unreadable)
    image = audit.last_seen(request, image_id)
    if image is not None:
        existing = BASE_ATTRIBUTES.union(image.properties)
        error.missing = tuple(name for name in error.required if name not in existing)


def _image(body: Any) -> Image:
    return shapes.parsed(Image.from_glance, body)
