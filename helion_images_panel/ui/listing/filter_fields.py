# SPDX-License-Identifier: Apache-2.0
"""The fields of "Add Filter"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from helion_images_panel.core import checksums
from helion_images_panel.core.conditions import DATED, IMAGE, SNAPSHOT, SOON, VOLUME_SNAPSHOT
from helion_images_panel.core.end_dates import DEPRECATED, OBSOLETE
from helion_images_panel.core.filter_values import VALUE_LENGTH
from helion_images_panel.core.image import STATUSES, VISIBILITIES
from helion_images_panel.core.query import SEVERAL_VALUES as SEVERAL
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.visible_text import shown
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.fields import ARCHITECTURES
from helion_images_panel.ui.create import checksum_refusals
from helion_images_panel.ui.listing import filter_messages, owner_filter
from helion_images_panel.ui.scopes.scope import PanelScope

#: Maximum number of characters of a publisher's text: more would not fit into a URL.
_CHECKSUM_LENGTH = 1500

#: Number of a checksum's digits that a pill shows.
_DIGITS = 12

#: Common values of "os_distro" in OpenStack's documentation.
_DISTROS = (
    *("almalinux", "alpine", "arch", "centos", "debian", "fedora", "freebsd", "gentoo"),
    *("opensuse", "oraclelinux", "rhel", "rocky", "sles", "ubuntu", "windows"),
)

Options = Sequence[tuple[str, str | Promise]]


@dataclass(frozen=True)
class Field:
    """One field: the URL's parameter, its label and value.

    :ivar options: of a drop-down; empty for other fields
    :ivar kind: type of the input, if it is none
    :ivar offered: values to choose from, while any other may be entered
    :ivar error: what is wrong with the value; empty if nothing is
    """

    name: str
    label: str | Promise
    value: str = ""
    options: Options = ()
    kind: str = "text"
    example: str | Promise = ""
    help_text: str | Promise = ""
    offered: Sequence[str] = field(default=())
    length: int = VALUE_LENGTH
    error: str = ""

    @property
    def input_type(self) -> str:
        """A field for days would show nothing of a text that is none."""
        return "text" if self.error else self.kind

    @property
    def id(self) -> str:
        return f"hip_filter_{self.name}"

    @property
    def notes(self) -> str:
        """IDs of the elements that describe the field."""
        ids = (
            f"{self.id}_error" if self.error else "",
            f"{self.id}_help" if self.help_text else "",
        )
        return " ".join(filter(None, ids))


def error_of(query: ImageQuery, name: str) -> str:
    error = query.errors.get(name)
    return filter_messages.message(error) if error else ""


def shortened(name: str, value: str) -> str | Promise:
    """Return the value as a pill shows it: of a checksum its kind and its first digits, of a tag
    that shows nothing its characters.
    """
    if name != "checksum":
        return shown(value)
    try:
        checksum = checksums.parse(value)
    except checksums.NotAChecksum:
        return Truncator(value).chars(2 * _DIGITS)
    return f"{checksum_refusals.label(checksum.algorithm)} {checksum.value[:_DIGITS]}…"


def fields(
    request: HttpRequest, scope: PanelScope, query: ImageQuery, has_stores: bool
) -> list[Field]:
    """:param has_stores: whether the cloud is known to name its stores: a filter that is set has
    its field in any case
    """
    values = {**query.url_parameters(), **dict.fromkeys(SEVERAL, "")}
    for name in query.errors.keys() & set(SEVERAL):
        # Of several values the wrong one stays in the field.
        wrong, texts = query.errors[name].value, reversed(query.url_parameters()[name])
        is_wrong = (text for text in texts if wrong in (text, text.partition("=")[0].strip()))
        values[name] = next(is_wrong, "")
    owner = _owner(request, scope, query)
    everything = [*_choices(), *_texts(), *([owner] if owner else [])]
    return [
        replace(
            each,
            value=each.value or values.get(each.name, ""),
            options=with_wrong(each.options, values.get(each.name, "")),
            error=error_of(query, each.name),
        )
        for each in everything
        if each.name != "store" or has_stores or query.store or "store" in query.errors
    ]


def with_wrong(options: Options, value: str) -> Options:
    """A value that is none of the choices stays chosen until it is corrected."""
    known = [each for each, _label in options]
    return [*options, (value, value)] if options and value and value not in known else options


def _choices() -> list[Field]:
    formats = settings.OPENSTACK_IMAGE_BACKEND["image_formats"]
    statuses = [(each, labels.status_label(each)) for each in STATUSES]
    known = [(each, labels.format_label(each)) for each, _label in formats if each]
    visibilities = [(each, labels.visibility_label(each)) for each in VISIBILITIES]
    types: Options = [
        (IMAGE, _("Image")),
        (SNAPSHOT, _("Snapshot")),
        (VOLUME_SNAPSHOT, _("Snapshot with data in volumes")),
    ]
    protected: Options = [("true", _("Protected")), ("false", _("Not protected"))]
    ends: Options = [
        (DATED, _("With end dates")),
        (SOON, _("Ends within 30 days")),
        (DEPRECATED, _("Deprecated and hidden")),
        (OBSOLETE, _("Obsolete and hidden")),
    ]
    return [
        Field("status", _("Status"), options=[("", _("Any status")), *statuses]),
        Field("format", _("Format"), options=[("", _("Any format")), *known]),
        Field("visibility", _("Visibility"), options=[("", _("Any visibility")), *visibilities]),
        Field("type", _("Type"), options=[("", _("Any type")), *types]),
        Field("protected", _("Protected"), options=[("", _("Protected or not")), *protected]),
        Field("ends", _("End dates"), options=[("", _("Any or no end dates")), *ends]),
        Field("hidden", _("Hidden"), options=[("", _("Not hidden")), ("true", _("Hidden"))]),
    ]


def _owner(request: HttpRequest, scope: PanelScope, query: ImageQuery) -> Field | None:
    """The owner as text where there are many, else those of IMAGES_LIST_FILTER_TENANTS."""
    if scope.lists_all_owners:
        is_known = query.owner and "owner" not in query.errors
        return Field(
            "owner",
            _("Owner"),
            owner_filter.label(request, scope, query.owner) if is_known else query.owner,
            example=_("Name or ID of a project"),
            offered=owner_filter.offered(request, scope),
        )
    tenants = [(tenant["tenant"], tenant["text"]) for tenant in settings.IMAGES_LIST_FILTER_TENANTS]
    if not tenants:
        return None
    own = (request.user.project_id, request.user.project_name)
    return Field("owner", _("Owner"), options=[("", _("Any owner")), own, *tenants])


def _texts() -> list[Field]:
    size = _("such as 1.5 GiB")
    return [
        Field("os_distro", _("Operating system"), example="ubuntu", offered=_DISTROS),
        Field("os_version", _("Operating system version"), example="24.04"),
        Field("architecture", _("Architecture"), example="x86_64", offered=ARCHITECTURES),
        Field("tag", _("Tag")),
        Field("store", _("Store"), example=_("Name of a store")),
        Field("size_from", _("Size from"), example=size, length=40),
        Field("size_to", _("Size to"), example=size, length=40),
        Field("created_from", _("Created from"), kind="date"),
        Field("created_to", _("Created to"), kind="date"),
        Field("updated_from", _("Updated from"), kind="date"),
        Field("updated_to", _("Updated to"), kind="date"),
        Field("property", _("Property"), example="hw_disk_bus=virtio"),
        Field(
            "checksum",
            _("Checksum"),
            # The lines of a list that is pasted are not joined.
            kind="lines",
            example=_("MD5 or SHA-512"),
            help_text=_("SHA-256 finds images that were verified with it."),
            length=_CHECKSUM_LENGTH,
        ),
    ]
