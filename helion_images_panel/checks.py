# SPDX-License-Identifier: Apache-2.0
"""Django system checks, which report wrong settings at start and not at first use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from helion_images_panel import conf
from helion_images_panel.api.publishers import DIRECT, OFF
from helion_images_panel.catalogue.files import catalogue
from helion_images_panel.core.architectures import canonical
from helion_images_panel.core.import_filters import ImportFilters
from helion_images_panel.core.order import Order
from helion_images_panel.core.presets import presets_of
from helion_images_panel.core.url import is_http_url

#: Settings with their minimum.
_WHOLE_NUMBERS = (
    (conf.CONCURRENCY, 1),
    (conf.MEMBERS_QUOTA, -1),
    (conf.PROJECT_CACHE_S, 0),
    (conf.READ_TIMEOUT_S, 1),
    (conf.WRITE_TIMEOUT_S, 1),
    (conf.DATA_TIMEOUT_S, 1),
    (conf.WAITING_PER_PROCESS, 1),
    (conf.UPLOADS_PER_PROCESS, 1),
    (conf.DOWNLOADS_PER_PROCESS, 1),
    (conf.IMPORT_RETRY_S, 0),
    (conf.SEARCH_ROWS, 1),
    (conf.SELECTION_LIMIT, 1),
    (conf.RESTORE_DAYS, 0),
)

#: Settings that are lists of text: the kind of text, and an example.
_LISTS = (
    (conf.CLOUD_ADMIN_DOMAINS, "domain IDs", "default"),
    (conf.DOMAIN_MANAGER_ROLES, "names of roles", "manager"),
    (conf.GPT_CHECKS_NONFATAL, "names of safety checks", "mbr"),
    (conf.URL_CHECK_HOSTS, "hosts", "files.example.org"),
    (conf.CATALOGUE, "files, or 'official'", "official"),
    (conf.ARCHITECTURES, "architectures", "x86_64"),
)

#: Cache backends that the processes of a web server do not share: what they lack, and what
#: to do.
_CACHES_OF_ONE_PROCESS = {
    "django.core.cache.backends.locmem.LocMemCache": (
        "which processes do not share.",
        "Use memcached or Redis if the web server has more than one process. Without a "
        "shared cache, pages cannot show the progress of an upload or the reason why it "
        "failed. Two processes, or one and manage.py helion_images_sync, can also "
        "publish the same image at the same time: a record can then be lost and a "
        "project keep access to the image.",
    ),
    "django.core.cache.backends.dummy.DummyCache": (
        "which stores nothing.",
        "Use memcached or Redis. Without a cache no image can be published, shared or given to "
        "another owner, also by manage.py helion_images_sync, and pages cannot show the "
        "progress of an upload.",
    ),
}

_LIST_TYPES = (list, tuple, set, frozenset)


@checks.register("helion_images_panel")
def check_settings(**_kwargs: Any) -> list[checks.CheckMessage]:
    messages: list[checks.CheckMessage] = []
    for setting, of_what, example in _LISTS:
        value = setting.value
        if not isinstance(value, _LIST_TYPES) or not all(isinstance(each, str) for each in value):
            messages.append(
                checks.Error(
                    f"{setting.name} must be a list of {of_what}.",
                    hint=f"For example {setting.name} = ['{example}'].",
                    id="helion_images_panel.E001",
                )
            )
    for setting, least in _WHOLE_NUMBERS:
        value = setting.value
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            messages.append(
                checks.Error(
                    f"{setting.name} must be a whole number of at least {least}.",
                    hint=setting.meaning,
                    id="helion_images_panel.E002",
                )
            )
    warnings = conf.CONTENT_WARNINGS
    if not isinstance(warnings.value, _LIST_TYPES) or not set(map(str, warnings.value)).issubset(
        conf.CONTENT_PROBLEMS
    ):
        known = ", ".join(repr(name) for name in conf.CONTENT_PROBLEMS)
        messages.append(
            checks.Error(
                f"{warnings.name} must be a list of values from {known}.",
                hint=warnings.meaning,
                id="helion_images_panel.E003",
            )
        )
    messages += _of_url_check()
    method = conf.UPLOAD_METHOD
    if method.value not in conf.UPLOAD_METHODS:
        known = ", ".join(repr(name) for name in conf.UPLOAD_METHODS)
        messages.append(
            checks.Error(
                f"{method.name} must be one of {known}.",
                hint=method.meaning,
                id="helion_images_panel.E010",
            )
        )
    order = conf.DEFAULT_SORT
    if not isinstance(order.value, str) or Order.parsed(order.value) is None:
        messages.append(
            checks.Error(
                f"{order.name} must be a key of the order, such as 'name' or '-updated'.",
                hint=order.meaning,
                id="helion_images_panel.E005",
            )
        )
    access = conf.CATALOGUE_ACCESS
    if access.value not in (DIRECT, OFF) and not (
        isinstance(access.value, str) and is_http_url(access.value)
    ):
        messages.append(
            checks.Error(
                f"{access.name} must be '{DIRECT}', '{OFF}', or the URL of an HTTP proxy.",
                hint=f"For example {access.name} = 'http://proxy.example.org:3128'.",
                id="helion_images_panel.E008",
            )
        )
    messages += _of_architectures()
    try:
        presets_of(conf.PRESETS.value)
    except ValueError as error:
        messages.append(
            checks.Error(
                f"{conf.PRESETS.name} {error}.",
                hint=conf.PRESETS.meaning,
                id="helion_images_panel.E009",
            )
        )
    return messages


def _of_architectures() -> list[checks.CheckMessage]:
    names = conf.ARCHITECTURES.value
    if not isinstance(names, _LIST_TYPES):
        return []  # Another check names it.
    unknown = [name for name in names if isinstance(name, str) and not canonical(name)]
    return [
        checks.Error(
            f"{conf.ARCHITECTURES.name} has an architecture that Nova does not know: {name!r}.",
            hint=f"For example {conf.ARCHITECTURES.name} = ['x86_64', 'aarch64'].",
            id="helion_images_panel.E011",
        )
        for name in unknown
    ]


def _of_url_check() -> list[checks.CheckMessage]:
    messages: list[checks.CheckMessage] = []
    if not isinstance(conf.URL_CHECK.value, bool):
        messages.append(
            checks.Error(
                f"{conf.URL_CHECK.name} must be True or False.",
                hint=conf.URL_CHECK.meaning,
                id="helion_images_panel.E006",
            )
        )
    filters = conf.IMPORT_FILTERS
    try:
        if filters.value is not None:
            ImportFilters.of_options(dict(filters.value))
    except (TypeError, ValueError):
        messages.append(
            checks.Error(
                f"{filters.name} must be None, or options of Glance with their lists.",
                hint=f"For example {filters.name} = {{'allowed_ports': [80, 443, 8080]}}.",
                id="helion_images_panel.E007",
            )
        )
    return messages


@checks.register("helion_images_panel")
def check_catalogue(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Name each error in the files of the catalogue."""
    files = conf.CATALOGUE.value
    if not isinstance(files, _LIST_TYPES) or not all(isinstance(each, str) for each in files):
        return []  # Another check names it.
    return [
        checks.Error(
            str(problem),
            hint=f"Correct the file, or {conf.CATALOGUE.name}. Until then the catalogue lacks the "
            "entry, or has that of an earlier file.",
            id="helion_images_panel.E009",
        )
        for problem in catalogue().problems
    ]


@checks.register("helion_images_panel")
def check_enabled_files(**_kwargs: Any) -> list[checks.CheckMessage]:
    """The `enabled` file of an older release adds scripts to every page, without their base."""
    config = getattr(settings, "HORIZON_CONFIG", {})
    named = [*config.get("js_files", ()), *config.get("scss_files", ())]
    if not any(name.startswith("helion_images_panel/") for name in named):
        return []
    return [
        checks.Error(
            "Horizon has the file enabled/_1050_project_images_panel.py of an older release.",
            hint="Run “helion-images-panel enable --force”, which replaces the enabled files, then "
            "collectstatic and compress.",
            id="helion_images_panel.E004",
        )
    ]


@checks.register("helion_images_panel", deploy=True)
def check_cache(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Run by `check --deploy` only: a check cannot find out the number of processes."""
    backend = settings.CACHES["default"]["BACKEND"]
    if settings.DEBUG or backend not in _CACHES_OF_ONE_PROCESS:
        return []
    lack, step = _CACHES_OF_ONE_PROCESS[backend]
    message = f"CACHES['default'] is {backend}, {lack}"
    return [checks.Warning(message, hint=step, id="helion_images_panel.W001")]
