# SPDX-License-Identifier: Apache-2.0
"""The properties of an image that is made of a build, by SCS-0102."""

from __future__ import annotations

from collections.abc import Mapping

from helion_images_panel.catalogue.entries import Build, Entry


def properties_of(entry: Entry, build: Build) -> Mapping[str, str]:
    """Return the entry's properties, and those of the build; names are Glance's."""
    of_build = {
        "image_source": build.source or build.url,
        "image_build_date": build.build_date[:10],
        "image_original_user": entry.login,
        "os_version": entry.meta.get("os_version", build.version),
    }
    return {**entry.meta, **{name: value for name, value in of_build.items() if value}}
