# SPDX-License-Identifier: Apache-2.0
"""The check of a URL before an import: what the dashboard finds there, for the page's script.

A URL may be signed. Its user, query and fragment are in no response and in no log.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext as _
from horizon import exceptions as horizon_exceptions

from helion_images_panel import conf
from helion_images_panel.api import imports, web
from helion_images_panel.api.web import WebFailure
from helion_images_panel.core import import_filters
from helion_images_panel.core.import_filters import ImportFilters
from helion_images_panel.core.visible_text import isolated, shown
from helion_images_panel.redaction import without_secrets
from helion_images_panel.transfers import import_size, url_check
from helion_images_panel.transfers.first_bytes import Detected
from helion_images_panel.transfers.url_check import CheckRefused, Report
from helion_images_panel.ui.base.errors import or_default
from helion_images_panel.ui.base.labels import format_label, size_label
from helion_images_panel.ui.create import checksum_refusals, url_check_failures
from helion_images_panel.ui.transfers.availability import EXTERNAL, LOCATION, source_choices

#: Failures that say nothing of what the image service would meet, if it tried.
_NOT_REACHED = frozenset((web.HOST, web.PORT, web.CONNECTION, web.TIMEOUT))

#: Field of a request that asks only about the URL of a form.
CHECK_URL = "check_url"


def answer(request: HttpRequest, url: str, source: str) -> dict[str, Any]:
    """Return what is at the URL, for the script; raise NotAuthorized if nobody may ask that here.

    `problem` is the one sentence that the user needs, `rows` are labels and values, `notes`
    what to know about the import, `values` what the fields could be filled with.

    :param url: one that the form accepts
    :param source: LOCATION or EXTERNAL
    """
    if not conf.URL_CHECK.value or source not in (LOCATION, EXTERNAL):
        raise horizon_exceptions.NotAuthorized()
    methods = or_default(imports.import_methods, [], "the import methods")(request)
    if source not in dict(source_choices(request, methods)):
        raise horizon_exceptions.NotAuthorized()
    is_import = source == LOCATION
    try:
        report = url_check.check(url, request.user.id, conf.URL_CHECK_HOSTS.value)
    except CheckRefused as error:
        return {"problem": url_check_failures.of_refused(error)}
    except WebFailure as error:
        refused = _refusal([error.url]) if is_import else ""
        if refused and error.kind in _NOT_REACHED:
            return {"problem": refused}
        notes = [refused] if refused else []
        return {"problem": url_check_failures.of_web(error, url), "notes": notes}
    import_size.record_url(request.user.id, url, report.beginning.size_bytes)
    return _found(report, is_import)


def _found(report: Report, is_import: bool) -> dict[str, Any]:
    beginning, detected = report.beginning, report.detected
    urls = beginning.urls
    rows = []
    if len(urls) > 1:
        rows.append((_("Redirects to"), isolated(without_secrets(urls[-1]))))
    if detected.is_web_page:
        return {"problem": url_check_failures.of_web_page(), "rows": rows}
    if not beginning.data:
        return {"problem": url_check_failures.of_empty_file(), "rows": rows}
    rows += [
        (_("File"), isolated(shown(report.file_name))),
        (_("Size"), size_label(beginning.size_bytes) or _("Not stated by the server")),
        (_("Format"), _format_text(detected)),
    ]
    system = _system_text(report)
    if system:
        rows.append((_("System"), _("%(system)s, by the file name") % {"system": system}))
    notes = _notes(detected, urls)
    if is_import:
        notes.append(_refusal(urls, beginning.addresses) or _acceptance())
    return {
        "rows": [row for row in rows if row[1]],
        "notes": notes,
        "values": {
            "file_name": report.file_name,
            "format": detected.format,
            "format_label": format_label(detected.format),
            "by_name": detected.is_by_name,
            "size_bytes": beginning.size_bytes,
            "virtual_bytes": detected.virtual_bytes,
            "os_distro": report.system.os_distro,
            "os_version": report.system.os_version,
            "architecture": report.system.architecture,
        },
        "checksum": _checksum(report),
    }


def _checksum(report: Report) -> dict[str, str] | None:
    if report.checksum is None:
        return None
    names = {
        "algorithm": checksum_refusals.label(report.checksum.algorithm),
        "file": isolated(shown(report.checksum_file)),
    }
    return {
        "value": str(report.checksum),
        "text": _("The publisher's file %(file)s has the %(algorithm)s checksum.") % names,
    }


def _format_text(detected: Detected) -> str:
    if detected.packed:
        return _("Compressed or packed (%(kind)s)") % {"kind": detected.packed}
    if not detected.format:
        return _("Not recognized")
    label = format_label(detected.format)
    if detected.is_by_name:
        return _("%(format)s, by the file name only") % {"format": label}
    if not detected.virtual_bytes:
        return label
    size = size_label(detected.virtual_bytes)
    return _("%(format)s, virtual size %(size)s") % {"format": label, "size": size}


def _system_text(report: Report) -> str:
    system = report.system
    name = f"{system.label} {system.os_version}".strip()
    return ", ".join(filter(None, (name, system.architecture)))


def _notes(detected: Detected, urls: tuple[str, ...]) -> list[str]:
    notes = []
    if detected.packed:
        notes.append(
            _(
                "Instances cannot boot from a compressed or packed file unless this cloud unpacks "
                "imports. Unpack the file and upload it, or ask the cloud's operator."
            )
        )
    if urls[0].startswith("https:") and any(url.startswith("http:") for url in urls):
        notes.append(
            _(
                "The redirect leads away from HTTPS: others on the way could exchange the file. "
                "Enter its checksum."
            )
        )
    return notes


def _refusal(urls: Sequence[str], addresses: Sequence[str] = ()) -> str:
    """Return why the image service does not download from one of the URLs, as far as is known.

    :param addresses: the IP address of each URL; none if they are not known
    """
    options = conf.IMPORT_FILTERS.value
    filters = ImportFilters.of_options(options or {})
    for url, address in zip_longest(urls, addresses):
        refusal = filters.refusal(url)
        if not refusal and address and filters.refuses_address(url, address):
            refusal = import_filters.HOST
        if refusal:
            return _refused(url, refusal, options is not None)
    return ""


def _acceptance() -> str:
    if conf.IMPORT_FILTERS.value is None:
        return _(
            "By default, the image service downloads from such URLs. The rules of this cloud may "
            "differ."
        )
    return _("The image service downloads from such URLs.")


def _refused(url: str, refusal: str, is_known: bool) -> str:
    parts = urlsplit(url)
    values = {"host": isolated(parts.hostname or ""), "port": parts.port or ""}
    if refusal == import_filters.PORT and is_known:
        message = _(
            "The image service does not download from port %(port)s. Ask the cloud's operator to "
            "allow it, or upload the image as a file."
        )
    elif refusal == import_filters.PORT:
        message = _(
            "By default, the image service does not download from port %(port)s. Ask the cloud's "
            "operator whether this cloud does, or upload the image as a file."
        )
    elif refusal == import_filters.SCHEME:
        message = _(
            "The image service does not download by this protocol. Ask the cloud's operator to "
            "allow it, or upload the image as a file."
        )
    elif is_known:
        message = _(
            "The image service does not download from %(host)s. Ask the cloud's operator to allow "
            "it, or upload the image as a file."
        )
    else:
        message = _(
            "By default, the image service does not download from %(host)s. Ask the cloud's "
            "operator whether this cloud does, or upload the image as a file."
        )
    return message % values
