# SPDX-License-Identifier: Apache-2.0
import pytest
from django.core import checks

from helion_images_panel import conf

TAG = "helion_images_panel"


def test_the_defaults_are_right():
    assert checks.run_checks(tags=[TAG]) == []


@pytest.mark.parametrize(
    ("setting", "value", "id_"),
    [
        (conf.CLOUD_ADMIN_DOMAINS, "default", "E001"),
        (conf.CLOUD_ADMIN_DOMAINS, [1], "E001"),
        (conf.CLOUD_ADMIN_DOMAINS, None, "E001"),
        (conf.CLOUD_ADMIN_DOMAINS, 5, "E001"),
        (conf.DOMAIN_MANAGER_ROLES, "manager", "E001"),
        (conf.DOMAIN_MANAGER_ROLES, [None], "E001"),
        (conf.CONCURRENCY, 0, "E002"),
        (conf.CONCURRENCY, -1, "E002"),
        (conf.CONCURRENCY, "8", "E002"),
        (conf.CONCURRENCY, True, "E002"),
        (conf.CONCURRENCY, None, "E002"),
        (conf.CONCURRENCY, 1.5, "E002"),
        (conf.PROJECT_CACHE_S, -1, "E002"),
        (conf.PROJECT_CACHE_S, False, "E002"),
        (conf.READ_TIMEOUT_S, 0, "E002"),
        (conf.WRITE_TIMEOUT_S, None, "E002"),
        (conf.DATA_TIMEOUT_S, "600", "E002"),
        (conf.WAITING_PER_PROCESS, 0, "E002"),
        (conf.UPLOADS_PER_PROCESS, 0, "E002"),
        (conf.UPLOADS_PER_PROCESS, "4", "E002"),
        (conf.DOWNLOADS_PER_PROCESS, 0, "E002"),
        (conf.DOWNLOADS_PER_PROCESS, None, "E002"),
        (conf.CONTENT_WARNINGS, "format", "E003"),
        (conf.CONTENT_WARNINGS, ["formats"], "E003"),
        (conf.CONTENT_WARNINGS, ["format", 1], "E003"),
        (conf.CONTENT_WARNINGS, [["format"]], "E003"),
        (conf.CONTENT_WARNINGS, None, "E003"),
        (conf.UPLOAD_METHOD, "import", "E010"),
        (conf.UPLOAD_METHOD, None, "E010"),
        (conf.UPLOAD_METHOD, ["stage"], "E010"),
        (conf.GPT_CHECKS_NONFATAL, "mbr", "E001"),
        (conf.GPT_CHECKS_NONFATAL, [1], "E001"),
        (conf.URL_CHECK, "yes", "E006"),
        (conf.URL_CHECK, None, "E006"),
        (conf.URL_CHECK_HOSTS, "files.example", "E001"),
        (conf.IMPORT_FILTERS, {"allowed_port": [80]}, "E007"),
        (conf.IMPORT_FILTERS, {"allowed_ports": ["80"]}, "E007"),
        (conf.IMPORT_FILTERS, ["allowed_ports"], "E007"),
        (conf.IMPORT_FILTERS, 80, "E007"),
        (conf.IMPORT_RETRY_S, -1, "E002"),
        (conf.IMPORT_RETRY_S, True, "E002"),
        (conf.IMPORT_RETRY_S, None, "E002"),
        (conf.SEARCH_ROWS, 0, "E002"),
        (conf.SELECTION_LIMIT, 0, "E002"),
        (conf.CATALOGUE, "official", "E001"),
        (conf.CATALOGUE, [None], "E001"),
        (conf.CATALOGUE, None, "E001"),
        (conf.ARCHITECTURES, "x86_64", "E001"),
        (conf.ARCHITECTURES, None, "E001"),
        (conf.ARCHITECTURES, [64], "E001"),
        (conf.ARCHITECTURES, ["x86_64", "arm64"], "E011"),
        (conf.CATALOGUE_ACCESS, "", "E008"),
        (conf.CATALOGUE_ACCESS, None, "E008"),
        (conf.CATALOGUE_ACCESS, True, "E008"),
        (conf.CATALOGUE_ACCESS, "proxy.example:3128", "E008"),
        (conf.CATALOGUE_ACCESS, "socks5://proxy.example", "E008"),
        (conf.PRESETS, "Linux", "E009"),
        (conf.PRESETS, {"name": "Linux", "properties": {"a": "b"}}, "E009"),
        (conf.PRESETS, ["Linux"], "E009"),
        (conf.PRESETS, [{"name": "Linux"}], "E009"),
        (conf.PRESETS, [{"name": "Linux", "descriptions": {"a": "b"}}], "E009"),
        (
            conf.PRESETS,
            [{"name": "Linux", "properties": {"a": "b"}, "descriptions": ["a"]}],
            "E009",
        ),
        (conf.PRESETS, [{"name": " ", "properties": {"a": "b"}}], "E009"),
        (conf.PRESETS, [{"name": "Linux", "properties": {}}], "E009"),
        (conf.PRESETS, [{"name": "Linux", "properties": {"a": 1}}], "E009"),
        (conf.PRESETS, [{"name": "Linux", "properties": {"a": "b"}}] * 2, "E009"),
        (conf.DEFAULT_SORT, "owner", "E005"),
        (conf.DEFAULT_SORT, "", "E005"),
        (conf.DEFAULT_SORT, ["name"], "E005"),
    ],
)
def test_a_wrong_value_is_named(settings, setting, value, id_):
    setattr(settings, setting.name, value)
    (found,) = checks.run_checks(tags=[TAG])
    assert found.id == f"{TAG}.{id_}"
    assert setting.name in found.msg
    assert found.hint


@pytest.mark.parametrize("files", ["js_files", "scss_files"])
def test_an_enabled_file_of_an_older_release_is_named(settings, files):
    old = {files: ["horizon/other", "helion_images_panel/old"]}
    settings.HORIZON_CONFIG = {**settings.HORIZON_CONFIG, **old}
    (found,) = checks.run_checks(tags=[TAG])
    assert found.id == f"{TAG}.E004"
    assert "enabled" in found.hint


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (conf.CLOUD_ADMIN_DOMAINS, []),
        (conf.IMPORT_FILTERS, {}),
        (conf.IMPORT_FILTERS, {"allowed_hosts": [], "allowed_ports": (8080,)}),
        (conf.DEFAULT_SORT, "-updated"),
        (conf.CLOUD_ADMIN_DOMAINS, ("a", "b")),
        (conf.CONCURRENCY, 1),
        (conf.PROJECT_CACHE_S, 0),
        (conf.IMPORT_RETRY_S, 0),
        (conf.UPLOADS_PER_PROCESS, 1),
        (conf.DOWNLOADS_PER_PROCESS, 100),
        (conf.ARCHITECTURES, ("x86_64", "AMD64", "aarch64")),
        (conf.UPLOAD_METHOD, "put"),
        (conf.UPLOAD_METHOD, "stage"),
        (conf.GPT_CHECKS_NONFATAL, ["mbr", "gptmbr"]),
        (conf.CONTENT_WARNINGS, []),
        (conf.CONTENT_WARNINGS, ("reference", "unsafe", "format")),
    ],
)
def test_right_values_pass(settings, setting, value):
    setattr(settings, setting.name, value)
    assert checks.run_checks(tags=[TAG]) == []


LOCAL = "django.core.cache.backends.locmem.LocMemCache"
SHARED = "django.core.cache.backends.memcached.PyMemcacheCache"


@pytest.mark.parametrize(
    ("backend", "debug", "deployed", "ids"),
    [
        (LOCAL, False, True, [f"{TAG}.W001"]),
        ("django.core.cache.backends.dummy.DummyCache", False, True, [f"{TAG}.W001"]),
        (LOCAL, True, True, []),
        (LOCAL, False, False, []),
        (SHARED, False, True, []),
    ],
)
def test_a_cache_that_processes_do_not_share(settings, backend, debug, deployed, ids):
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "memcached:11211"}}
    settings.DEBUG = debug
    found = checks.run_checks(tags=[TAG], include_deployment_checks=deployed)
    assert [each.id for each in found] == ids
    for each in found:
        assert backend in each.msg
        assert "upload" in each.hint
        assert "manage.py helion_images_sync" in each.hint
