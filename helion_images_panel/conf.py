# SPDX-License-Identifier: Apache-2.0
"""Every setting of this plugin, with name, default and meaning.

Operators set them in Horizon's ``local_settings.py`` or ``local_settings.d``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Setting:
    name: str
    default: Any
    meaning: str

    @property
    def value(self) -> Any:
        return getattr(settings, self.name, self.default)


CLOUD_ADMIN_DOMAINS = Setting(
    "HELION_IMAGES_CLOUD_ADMIN_DOMAINS",
    ["default"],
    "IDs of the domains whose admins manage the images of every domain.",
)
DOMAIN_MANAGER_ROLES = Setting(
    "HELION_IMAGES_DOMAIN_MANAGER_ROLES",
    ["manager"],
    "Names of the roles on a domain. A user with such a role who is not an admin manages the "
    "images of those projects of the domain in which the user has a role.",
)
CONCURRENCY = Setting(
    "HELION_IMAGES_CONCURRENCY",
    8,
    "Maximum number of parallel requests of one page or one bulk action to Glance or Keystone.",
)
MEMBERS_QUOTA = Setting(
    "HELION_IMAGES_MEMBERS_QUOTA",
    128,
    "Maximum number of projects that an image can be shared with: Glance's image_member_quota, "
    "which its API does not return; -1 for no limit. Publishing to a domain with more projects "
    "is refused before it starts. With 0, Create Image offers no sharing.",
)
PROJECT_CACHE_S = Setting(
    "HELION_IMAGES_PROJECT_CACHE_S",
    60,
    "Seconds for which the projects of a domain and their names are cached. The images of a new "
    "project appear in the Admin panel after this time at the latest; 0 queries Keystone for "
    "every page.",
)
READ_TIMEOUT_S = Setting(
    "HELION_IMAGES_READ_TIMEOUT_S",
    20,
    "Seconds within which Glance, Keystone, Nova or Cinder must have sent all of a response that a "
    "page reads. The page then reports that the service is not responding.",
)
WRITE_TIMEOUT_S = Setting(
    "HELION_IMAGES_WRITE_TIMEOUT_S",
    180,
    "The same for requests that change or delete something: some stores take long to delete data.",
)
DATA_TIMEOUT_S = Setting(
    "HELION_IMAGES_DATA_TIMEOUT_S",
    600,
    "Seconds for which data may stop before the transfer ends: the data of a download at the "
    "browser, and that of an upload or a download in Glance. An upload that stops at the browser "
    "ends after 180 s. After the last byte of an upload, Glance has an hour or this time, if it "
    "is longer.",
)
WAITING_PER_PROCESS = Setting(
    "HELION_IMAGES_WAITING_PER_PROCESS",
    6,
    "Maximum number of pages in one process of the web server that wait for Glance in parallel, "
    "of those that wait for Keystone, and of those that wait for Nova or Cinder. Each uses one of "
    "its threads; further pages report that the service is not responding. Transfers of image data "
    "are not counted.",
)

UPLOADS_PER_PROCESS = Setting(
    "HELION_IMAGES_UPLOADS_PER_PROCESS",
    4,
    "Maximum number of parallel uploads in one process of the web server. Each upload uses one "
    "of its threads; further browsers wait.",
)
DOWNLOADS_PER_PROCESS = Setting(
    "HELION_IMAGES_DOWNLOADS_PER_PROCESS",
    4,
    "Maximum number of parallel downloads and checks of image data in one process of the web "
    "server. Each uses one of its threads.",
)
DECOMPRESSED_GIB = Setting(
    "HELION_IMAGES_DECOMPRESSED_GIB",
    256,
    "Maximum size in GiB of what a compressed file (gzip, xz, zstd, bzip2) becomes when it is "
    "decompressed during its upload: a small file may be made to become very large. With 0 the "
    "dashboard does not decompress files.",
)
#: Ways of a file to Glance.
AUTO, PUT, STAGE = UPLOAD_METHODS = ("auto", "put", "stage")

UPLOAD_METHOD = Setting(
    "HELION_IMAGES_UPLOAD_METHOD",
    AUTO,
    "How files are sent to Glance: 'put' stores them as they are, 'stage' stages and imports them "
    "(glance-direct), so that Glance's import plugins convert them as well. 'auto' stages them if "
    "this dashboard has seen in the last 30 days that the cloud converts what it imports. Without "
    "glance-direct among Glance's import methods, files are always stored as they are.",
)
#: Problems of a file's content, by their names in CONTENT_WARNINGS.
CONTENT_PROBLEMS = ("reference", "unsafe", "format")

CONTENT_WARNINGS = Setting(
    "HELION_IMAGES_CONTENT_WARNINGS",
    [],
    "Content problems of an uploaded file that are a warning instead of a refusal: 'reference' "
    "(the file needs another file: a backing or data file, or a parent disk), 'unsafe' (another "
    "safety check fails), 'format' (the file is not of the chosen format). Glance may still reject "
    "the file.",
)
GPT_CHECKS_NONFATAL = Setting(
    "HELION_IMAGES_GPT_CHECKS_NONFATAL",
    [],
    "Safety checks of partition tables that do not refuse a file: the value of Glance's "
    "gpt_safety_checks_nonfatal, which its API does not return. With 'mbr', Glance accepts "
    "floppy disks and file systems without a partition table as Raw.",
)
URL_CHECK = Setting(
    "HELION_IMAGES_URL_CHECK",
    True,
    "Whether users can check a URL before an import: the dashboard then reads the first bytes of "
    "the file itself, at public addresses only, and checksum lists beside it.",
)
URL_CHECK_HOSTS = Setting(
    "HELION_IMAGES_URL_CHECK_HOSTS",
    [],
    "Hosts that the dashboard may read for such a check though their addresses are not public, or "
    "at a port other than 80 and 443: names or addresses as in the URL, or HOST:PORT. Users then "
    "see whether a file is there, and of what format.",
)
IMPORT_FILTERS = Setting(
    "HELION_IMAGES_IMPORT_FILTERS",
    None,
    "Glance's options of [import_filtering_opts] that differ from its defaults, by their names, "
    "which its API does not return: {} for the defaults. The check of a URL then says whether "
    "Glance downloads from it; with None it only says what the defaults are.",
)
IMPORT_RETRY_S = Setting(
    "HELION_IMAGES_IMPORT_RETRY_S",
    30,
    "Seconds after which an import from a URL that failed for a passing cause is started again, "
    "once, while a page shows the image: its server was not reached, sent an error 5xx or broke "
    "the connection. 0 starts no import again.",
)
SEARCH_ROWS = Setting(
    "HELION_IMAGES_SEARCH_ROWS",
    10_000,
    "Maximum number of images that one response looks at in search of a name. Glance cannot "
    "search for a part of a name; the page then says how far it has looked, and goes on.",
)
DEFAULT_SORT = Setting(
    "HELION_IMAGES_DEFAULT_SORT",
    "name",
    "Order of the list until a user chooses another one: 'name', 'status', 'format', 'size', "
    "'created' or 'updated', with '-' in front for descending. '-updated' is newest first.",
)
SELECTION_LIMIT = Setting(
    "HELION_IMAGES_SELECTION_LIMIT",
    2000,
    "Maximum number of images that one action on all images that match the filters is for. The "
    "user's browser holds their names, and sends the action in portions.",
)
CATALOGUE = Setting(
    "HELION_IMAGES_CATALOGUE",
    ["official"],
    "Files with the catalogue of official images, in YAML. 'official' is the file that comes with "
    "this plugin. An entry of a later file replaces an earlier one of the same name and "
    "architecture.",
)
CATALOGUE_ACCESS = Setting(
    "HELION_IMAGES_CATALOGUE_ACCESS",
    "direct",
    "How the dashboard's host reaches the publishers of the catalogue: 'direct', the URL of an "
    "HTTP proxy, or 'off'. With 'off' it sends them no request, and the newest build of an image "
    "is that of the catalogue's file.",
)
PRESETS = Setting(
    "HELION_IMAGES_PRESETS",
    None,
    "Presets of Create Image, each a name with the properties that it sets: a list such as "
    "[{'name': 'Linux', 'properties': {'hw_disk_bus': 'virtio'}}]. 'descriptions' beside "
    "'properties' may say what they do, by name. None offers those of this plugin, and [] none.",
)
ARCHITECTURES = Setting(
    "HELION_IMAGES_ARCHITECTURES",
    [],
    "Architectures that the cloud runs, by the names of images, such as ['x86_64', 'aarch64']. The "
    "details of an image for another one say so. With [] they are those of Nova's hosts, as soon "
    "as an admin has opened the details of an image.",
)
RESTORE_DAYS = Setting(
    "HELION_IMAGES_RESTORE_DAYS",
    30,
    "Days for which a deleted image can be restored; the command helion_images_lifecycle then "
    "deletes it permanently. With 0, Delete Image deletes at once, and images that were deleted "
    "before can still be restored.",
)

SETTINGS = (
    CLOUD_ADMIN_DOMAINS,
    DOMAIN_MANAGER_ROLES,
    CONCURRENCY,
    MEMBERS_QUOTA,
    PROJECT_CACHE_S,
    READ_TIMEOUT_S,
    WRITE_TIMEOUT_S,
    DATA_TIMEOUT_S,
    WAITING_PER_PROCESS,
    UPLOADS_PER_PROCESS,
    DOWNLOADS_PER_PROCESS,
    DECOMPRESSED_GIB,
    UPLOAD_METHOD,
    CONTENT_WARNINGS,
    GPT_CHECKS_NONFATAL,
    URL_CHECK,
    URL_CHECK_HOSTS,
    IMPORT_FILTERS,
    IMPORT_RETRY_S,
    SEARCH_ROWS,
    DEFAULT_SORT,
    SELECTION_LIMIT,
    CATALOGUE,
    CATALOGUE_ACCESS,
    PRESETS,
    ARCHITECTURES,
    RESTORE_DAYS,
)
