# SPDX-License-Identifier: Apache-2.0
"""What the page says of each official image."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.api import publishers
from helion_images_panel.catalogue import comparison
from helion_images_panel.catalogue.comparison import Comparison
from helion_images_panel.core.image import Image
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.actions.launch import launch_attributes, may_launch
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.base.os_icons import os_icon
from helion_images_panel.ui.base.statuses import status_icon, watched
from helion_images_panel.ui.base.upload_mode import may_upload_files
from helion_images_panel.ui.catalogue.filters import is_supported
from helion_images_panel.ui.catalogue.offers import Offer, url_parameters
from helion_images_panel.ui.catalogue.times import day_label
from helion_images_panel.ui.scopes.scope import PROJECT, PanelScope

#: Days from which an age is in months.
_MONTHS_FROM_DAYS = 60
_MONTH_DAYS = 30.44


@dataclass(frozen=True)
class Card:
    """`facts` are short texts on the build; `state` is one of `comparison`, `sentence` says it.

    :ivar icon: classes of the icon of its operating system
    :ivar image_url: of the cloud's image; empty if it has none
    :ivar launch: HTML attributes of the link that launches that image; None for no link
    :ivar pending_status: HTML; empty if no image of it is in progress
    :ivar reason: why something is not known
    :ivar refusal: why the build cannot be added, with the publisher's URL in `source_url`
    :ivar upload_url: of the dialog with which the publisher's file can be uploaded; may be empty
    """

    id: str
    title: str
    icon: str
    architecture: str
    facts: tuple[str, ...]
    is_supported: bool
    state: str
    sentence: str
    image_url: str
    image_name: str
    launch: str | None
    pending_url: str
    pending_name: str
    pending_status: SafeString | str
    reason: str
    add_url: str
    refusal: str
    source_url: str
    upload_url: str


def card(
    request: HttpRequest,
    scope: PanelScope,
    number: int,
    compared: Comparison,
    offer: Offer,
    pending: Image | None,
) -> Card:
    """:param pending: an image of the entry that is in progress"""
    entry, image, build = compared.entry, compared.image, offer.build
    query = urlencode(url_parameters(entry))
    is_for_upload = offer.is_for_upload and may_upload_files(request)
    return Card(
        id=f"hip_official_{number}",
        title=isolated(entry.name),
        icon=os_icon(entry.meta, entry.format),
        architecture=entry.architecture,
        facts=tuple(filter(None, _facts(offer))),
        is_supported=is_supported(entry),
        state=compared.state,
        sentence=_sentence(compared),
        # The panel of an admin may lack public images, which are another domain's.
        image_url=PROJECT.url("detail", image.id) if image else "",
        image_name=image.display_name if image else "",
        launch=(
            flatatt(launch_attributes(image.id, scope.url_in_domain("catalogue")))
            if image and may_launch(request, scope, image)
            else None
        ),
        pending_url=PROJECT.url("detail", pending.id) if pending else "",
        pending_name=pending.display_name if pending else "",
        pending_status=_status(request, scope, pending) if pending else "",
        reason=compared.reason,
        add_url="" if offer.refusal else f"{scope.url('catalogue_add')}?{query}",
        refusal=_refusal(offer, is_for_upload),
        source_url=build.url if build and build.compression else "",
        upload_url=f"{scope.url('catalogue_file')}?{query}" if is_for_upload else "",
    )


def _refusal(offer: Offer, is_for_upload: bool) -> str:
    if not offer.is_for_upload:
        return offer.refusal
    sentences = [offer.refusal if is_for_upload else offer.compressed_reason]
    if not publishers.is_off():
        sentences.append(
            _("The cloud's operator can also have it fetched (helion_images_catalogue --fetch).")
            if is_for_upload
            else _("The cloud's operator can have it fetched (helion_images_catalogue --fetch).")
        )
    return " ".join(sentences)


def _status(request: HttpRequest, scope: PanelScope, image: Image) -> SafeString:
    """Return the status as HTML, which the page's script keeps up to date."""
    label = labels.status_label(image.status)
    # The panel of an admin tells nothing of another domain's public image.
    if scope.may_read(request, image):
        label = watched(image, label)
    return format_html("{} {}", status_icon(image), label)


def _facts(offer: Offer) -> list[str]:
    entry, build = offer.entry, offer.build
    facts = []
    if build:
        facts += [_build_label(offer), labels.size_label(build.size_bytes or None) or ""]
    facts.append(str(labels.format_label(entry.format)))
    if end := entry.end_of_support:
        text = _("supported until %(day)s") if is_supported(entry) else _("support ended %(day)s")
        facts.append(text % {"day": day_label(end)})
    return facts


def _build_label(offer: Offer) -> str:
    build = offer.build
    if build is None:
        return ""
    if not build.build_date:
        return _("Build %(version)s") % {"version": isolated(build.version)}
    if build.is_date_of_list:
        # The file may be older.
        return _("Build %(version)s, listed %(day)s") % {
            "version": isolated(build.version),
            "day": day_label(build.build_date),
        }
    return _("Build of %(day)s") % {"day": day_label(build.build_date)}


def _sentence(compared: Comparison) -> str:
    if compared.state == comparison.MISSING:
        return _("Not in this cloud")
    if compared.state == comparison.CURRENT:
        return _("In this cloud, up to date:")
    if compared.state == comparison.UNKNOWN:
        return _("In this cloud; it cannot be told whether it is up to date:")
    day = comparison.build_day(compared.image) if compared.image else ""
    if not day or not compared.days:
        return _("In this cloud, older than the newest build:")
    if compared.days < _MONTHS_FROM_DAYS:
        text = ngettext(
            "In this cloud: build of %(day)s, %(count)s day older:",
            "In this cloud: build of %(day)s, %(count)s days older:",
            compared.days,
        )
        return text % {"day": day_label(day), "count": compared.days}
    months = round(compared.days / _MONTH_DAYS)
    text = ngettext(
        "In this cloud: build of %(day)s, %(count)s month older:",
        "In this cloud: build of %(day)s, %(count)s months older:",
        months,
    )
    return text % {"day": day_label(day), "count": months}
