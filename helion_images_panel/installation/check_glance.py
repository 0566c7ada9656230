# SPDX-License-Identifier: Apache-2.0
"""Checks of Glance, as the user of OS_CLOUD or of the OS_… variables."""

from __future__ import annotations

import configparser
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from helion_images_panel import conf, exceptions
from helion_images_panel.api import cors, images, imports
from helion_images_panel.api.credentials import NoCredentials, request_from_environment
from helion_images_panel.core.verification import is_converted
from helion_images_panel.installation.finding import NOT_CHECKED, NOTE, OK, PROBLEM, Finding

#: Plugins of an import that change the data.
CONVERTING = ("image_conversion", "image_decompression")

#: Images that are searched for one that was converted.
_NEWEST = 100

_CONVERTED_STEP = (
    "Read “Clouds that convert images” in the documentation of uploads: a converted image cannot "
    "be compared with the checksum of its source."
)


def check(origin: str, glance_config: Path | None) -> Iterator[Finding]:
    """:param origin: of the dashboard's public address, such as "https://cloud.example.org\"
    :param glance_config: a file of Glance's configuration, or a folder with such files
    """
    request: Any = None
    try:
        request = request_from_environment()
    except NoCredentials as error:
        yield _no_login(str(error))
    if request is not None:
        for part in (_imports, _staging, _required, _conversion_seen):
            yield from _asked(part, request)
        if settings.HORIZON_IMAGES_UPLOAD_MODE == "direct":
            yield from _asked(lambda asking: _cors(asking, origin), request)
    yield from _conversion_configured(glance_config)


def _no_login(reason: str) -> Finding:
    step = (
        "Set OS_CLOUD, or OS_AUTH_URL and the other OS_… variables, to a user with a role on a "
        "project, and repeat the check."
    )
    if os.environ.get("OS_CLOUD") or os.environ.get("OS_AUTH_URL"):
        text = f"Glance was not checked, since the login failed: {reason}"
        return Finding("glance-login", PROBLEM, text, step)
    text = "Glance was not checked: no login is configured in the environment."
    return Finding("glance", NOT_CHECKED, text, step)


def _asked(part: Callable[[Any], Iterator[Finding]], request: Any) -> Iterator[Finding]:
    try:
        yield from part(request)
    except exceptions.SessionEnded:
        text = "Glance does not accept the token of the login."
        step = "Check the settings of Glance's keystone_authtoken."
        yield Finding("glance-login", PROBLEM, text, step)
    except exceptions.ImageServiceError as error:
        text = f"Glance could not be checked: {error}"
        step = "Check that Glance is running, and that this host reaches its endpoint."
        yield Finding("glance", PROBLEM, text, step)


def _imports(request: Any) -> Iterator[Finding]:
    methods = imports.import_methods(request)
    if imports.WEB_DOWNLOAD in methods:
        yield Finding("glance-imports", OK, "Glance downloads images from URLs (web-download).")
        return
    yield Finding(
        "glance-imports",
        NOTE,
        "Glance does not offer the import method web-download, so Create Image has no Image "
        f"Location. It offers: {', '.join(methods) or 'none'}.",
        "If users are to import images from URLs, add web-download to enabled_import_methods in "
        "glance-api.conf.",
    )


def _staging(request: Any) -> Iterator[Finding]:
    if conf.UPLOAD_METHOD.value == conf.STAGE:
        if imports.GLANCE_DIRECT in imports.import_methods(request):
            text = "Files are staged and imported, so that Glance's import plugins convert them."
            yield Finding("glance-staging", OK, text)
            return
        yield Finding(
            "glance-staging",
            PROBLEM,
            f"{conf.UPLOAD_METHOD.name} is “stage”, but Glance does not offer the import method "
            "glance-direct. Files are stored as they are.",
            "Add glance-direct to enabled_import_methods in glance-api.conf, or set "
            f"{conf.UPLOAD_METHOD.name} to “put”.",
        )


def _required(request: Any) -> Iterator[Finding]:
    schema = images.image_schema(request)
    if schema.required:
        names = ", ".join(definition.name for definition in schema.required)
        yield Finding(
            "glance-required",
            NOTE,
            f"Glance requires properties of each image: {names}. The forms have fields for them. "
            "Older images without them cannot be changed until they are set.",
            "Set them on older images by Update Metadata, or remove “required” from "
            "schema-image.json.",
        )
    if schema.required_attributes:
        names = ", ".join(schema.required_attributes)
        yield Finding(
            "glance-required",
            NOTE,
            f"Glance's schema requires clients to send attributes: {names}.",
            "Nothing has to be done if images can be created; otherwise remove them from "
            "“required” in schema-image.json.",
        )
    if not schema.required and not schema.required_attributes:
        yield Finding("glance-required", OK, "Glance requires no properties.")


def _conversion_seen(request: Any) -> Iterator[Finding]:
    if any(is_converted(image) for image in images.newest_images(request, _NEWEST)):
        yield Finding(
            "glance-conversion",
            NOTE,
            "Glance has converted imported images: some have another format than was requested.",
            _CONVERTED_STEP,
        )


def _conversion_configured(glance_config: Path | None) -> Iterator[Finding]:
    if glance_config is None:
        yield Finding(
            "glance-plugins",
            NOT_CHECKED,
            "Glance's API does not return whether imports convert images.",
            "Repeat the check on Glance's host with --glance-config /etc/glance, or read "
            "image_import_plugins there.",
        )
        return
    try:
        plugins = _import_plugins(glance_config)
    except (OSError, configparser.Error, UnicodeDecodeError) as error:
        text = f"Glance's configuration {glance_config} cannot be read: {error}"
        step = "Name a file or a folder that exists, as a user who may read it."
        yield Finding("glance-plugins", PROBLEM, text, step)
        return
    converting = [name for name in CONVERTING if name in plugins]
    if converting:
        text = f"Glance changes the data of imported images: {', '.join(converting)}."
        step = _CONVERTED_STEP
        if conf.UPLOAD_METHOD.value != conf.STAGE:
            step += (
                f" Files are converted too with {conf.UPLOAD_METHOD.name} = “stage”; “auto” begins "
                "with that when the dashboard has seen a converted image."
            )
        yield Finding("glance-plugins", NOTE, text, step)
    else:
        yield Finding("glance-plugins", OK, "Glance does not convert imported images.")


def _files(folder: Path) -> list[Path]:
    """Return the files that Glance reads, in its order: the folders of parts come last."""
    files = [*sorted(folder.glob("glance*.conf")), *sorted(folder.glob("glance*.conf.d/*.conf"))]
    if not files:
        raise FileNotFoundError("there is no configuration of Glance in this folder")
    return [file for file in files if file.is_file()]


def _import_plugins(path: Path) -> list[str]:
    """Return the value of image_import_plugins; the last file that has it counts."""
    parser = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    for file in _files(path) if path.is_dir() else [path]:
        parser.read_string(file.read_text(), str(file))
    value = parser.get("image_import_opts", "image_import_plugins", fallback="") or ""
    return [name.strip(" \t\r\n'\"") for name in value.strip().strip("[]").split(",")]


def _cors(request: Any, origin: str) -> Iterator[Finding]:
    if not origin:
        yield Finding(
            "glance-cors",
            NOT_CHECKED,
            "Browsers are to upload to Glance directly. Whether Glance allows that depends on the "
            "dashboard's public address.",
            "Repeat the check with --url.",
        )
    elif cors.allows_upload(request, origin):
        yield Finding("glance-cors", OK, f"Glance accepts direct uploads from pages of {origin}.")
    else:
        yield Finding(
            "glance-cors",
            PROBLEM,
            "HORIZON_IMAGES_UPLOAD_MODE is “direct”, but Glance does not allow uploads from pages "
            f"of {origin}. Browsers upload through the dashboard instead.",
            "Set [cors] in glance-api.conf as the documentation of uploads shows, or set "
            "HORIZON_IMAGES_UPLOAD_MODE to “legacy”.",
        )
