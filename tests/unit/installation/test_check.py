# SPDX-License-Identifier: Apache-2.0
"""What `helion-images-panel check` concludes from files, settings, and responses."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import requests
from django.template import TemplateDoesNotExist
from openstack_auth import policy as auth_policy

from helion_images_panel import exceptions, policy
from helion_images_panel.api import cors
from helion_images_panel.core import probe
from helion_images_panel.core.requested import Requested, requested_property
from helion_images_panel.installation import (
    check,
    check_files,
    check_glance,
    check_settings,
    check_static,
    check_web,
    command,
    files,
    horizon,
)
from helion_images_panel.installation.finding import (
    NOT_CHECKED,
    NOTE,
    OK,
    PROBLEM,
    Finding,
)
from helion_images_panel.installation.public_address import PublicAddress, Response, Unreachable
from tests import factories

PROJECT = "_1050_project_images_panel.py"


def levels(findings: Iterable[Finding]) -> dict[str, str]:
    """The level of each finding; each that is no OK has a next step."""
    found = list(findings)
    assert all(finding.next_step for finding in found if finding.level != OK)
    return {finding.id: finding.level for finding in found}


# The enabled files.


@pytest.fixture
def enabled(tmp_path: Path) -> Path:
    assert command.main(["enable", "--into", str(tmp_path)]) == 0
    return tmp_path / "enabled"


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    folder = tmp_path / "stock"
    folder.mkdir()
    text = "PANEL = 'images'\nPANEL_DASHBOARD = 'project'\nADD_PANEL = 'x'\n"
    (folder / PROJECT).write_text(text)
    return folder


def test_the_enabled_files_of_this_version(enabled: Path, stock: Path) -> None:
    assert levels(check_files.check([enabled], [stock])) == {"enabled": OK}


def test_enabled_files_that_were_copied(enabled: Path, stock: Path) -> None:
    for file in files.enabled_files():
        (enabled / file.name).write_text(file.text)
    assert levels(check_files.check([enabled], [stock])) == {"enabled": OK}


@pytest.mark.parametrize(("version", "expected"), [("26.0.0", {"enabled": OK}), ("27.0.0", None)])
def test_the_policy_snippet_after_an_upgrade(
    enabled: Path,
    stock: Path,
    version: str,
    expected: dict[str, str] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = files.policy_file().path(enabled.parent)
    files.put(files.policy_file(), path)
    monkeypatch.setattr(horizon, "version", lambda: version)
    found = levels(check_files.check([enabled], [stock]))
    assert found == (expected or {"enabled": OK, "policy-snippet": NOTE})


def test_no_enabled_files(tmp_path: Path, stock: Path) -> None:
    found = list(check_files.check([tmp_path], [stock]))
    assert levels(found) == {"enabled-missing": PROBLEM}
    assert len(found) == 2
    assert all("helion-images-panel enable" in finding.next_step for finding in found)


def test_enabled_files_of_another_version(enabled: Path, stock: Path) -> None:
    old = files.PluginFile("enabled", PROJECT, "PANEL = 'images'\n")
    (enabled / PROJECT).write_bytes(old.marked)
    assert levels(check_files.check([enabled], [stock])) == {"enabled-version": PROBLEM}


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("PANEL = 'images'\nADD_PANEL = 'helion_images_panel.old.Images'\n", "enabled-changed"),
        ("PANEL = 'images'\nADD_PANEL = 'other.panel.Images'\n", "other-plugin"),
        ("PANEL = 'images'\nREMOVE_PANEL = True\n", "other-plugin"),
        ("not Python (", "enabled-changed"),
    ],
)
def test_another_file_of_the_same_name(enabled: Path, stock: Path, text: str, id_: str) -> None:
    (enabled / PROJECT).write_text(text)
    (finding,) = check_files.check([enabled], [stock])
    assert (finding.id, finding.level) == (id_, PROBLEM)
    assert str(enabled / PROJECT) in finding.text


def test_the_first_folder_counts(enabled: Path, stock: Path, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / PROJECT).write_text("ADD_PANEL = 'other.panel.Images'\n")
    folders = [tmp_path / "first", enabled]
    assert levels(check_files.check(folders, [stock])) == {"other-plugin": PROBLEM}
    assert levels(check_files.check(folders[::-1], [stock])) == {"enabled": OK}


@pytest.mark.parametrize("where", ["local", "stock"])
@pytest.mark.parametrize("dashboard", ["project", "admin"])
def test_another_plugin_with_the_same_panel(
    enabled: Path, stock: Path, where: str, dashboard: str
) -> None:
    path = (enabled if where == "local" else stock) / "_9000_images.py"
    path.write_text(f"PANEL = 'images'\nPANEL_DASHBOARD = '{dashboard}'\nADD_PANEL = 'x.y.Z'\n")
    (finding,) = (f for f in check_files.check([enabled], [stock]) if f.level == PROBLEM)
    assert finding.id == "other-plugin"
    assert str(path) in finding.text
    for harmless in ("DISABLED = True", "PANEL = 'other'", "PANEL_DASHBOARD = 'mine'"):
        text = path.read_text()
        path.write_text(f"{text}{harmless}\n")
        assert levels(check_files.check([enabled], [stock])) == {"enabled": OK}
        path.write_text(text)


def test_the_file_of_another_plugin_is_not_run(enabled: Path, stock: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (enabled / "_9000_x.py").write_text(f"open({str(ran)!r}, 'w')\n")
    list(check_files.check([enabled], [stock]))
    assert not ran.exists()


# The static files.


@pytest.fixture
def static(tmp_path: Path, settings: Any) -> Path:
    """As collectstatic leaves it."""
    root = tmp_path / "static"
    shutil.copytree(check_static._SOURCE, root)
    settings.STATIC_ROOT = str(root)
    settings.DEBUG = False
    settings.COMPRESS_ENABLED = settings.COMPRESS_OFFLINE = False
    return root


def a_script(static: Path) -> Path:
    return static / "helion_images_panel/js/base/namespace.js"


def test_static_files_of_this_version(static: Path) -> None:
    assert levels(check_static.check()) == {"static": OK}


def test_static_files_that_were_not_collected(static: Path) -> None:
    shutil.rmtree(static / "helion_images_panel" / "scss")
    (finding,) = check_static.check()
    assert (finding.id, finding.level) == ("static-missing", PROBLEM)
    assert ".scss" in finding.text
    assert "collectstatic" in finding.next_step


def test_static_files_of_another_version(static: Path) -> None:
    a_script(static).write_text("// old")
    (finding,) = check_static.check()
    assert (finding.id, finding.level) == ("static-version", PROBLEM)
    assert "js/base/namespace.js" in finding.text


def test_with_debug_they_are_not_compared(static: Path, settings: Any) -> None:
    settings.DEBUG = True
    shutil.rmtree(static)
    assert levels(check_static.check()) == {"static": NOTE}


@pytest.fixture
def compressed(static: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As compress leaves it, in a process that has read no manifest yet."""
    from compressor.cache import get_offline_hexdigest

    settings.COMPRESS_ENABLED = settings.COMPRESS_OFFLINE = True
    settings.COMPRESS_OUTPUT_DIR = "dashboard"
    folder = static / "dashboard"
    (folder / "js").mkdir(parents=True)
    (folder / "js" / "output.1.js").write_text("1")
    templates = check_static._SOURCE.parent / "templates" / "helion_images_panel"
    manifest = {}
    for name in (
        "base/_scripts.html",
        "base/_styles.html",
        "boot/_scripts.html",
        "catalogue/_scripts.html",
    ):
        text = (templates / name).read_text()
        block = text.partition("{% compress ")[2].partition("%}")[2].partition("{% end")[0]
        key = get_offline_hexdigest(block.replace("{{ STATIC_URL }}", settings.STATIC_URL))
        url = f"{settings.STATIC_URL}dashboard/js/output.1.js"
        manifest[key] = f'<script src="{url}"></script>'
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest))
    monkeypatch.setattr(
        "compressor.templatetags.compress.get_offline_manifest",
        lambda: json.loads(path.read_text()),
    )
    return path


def test_compressed_files_of_this_version(compressed: Path) -> None:
    assert levels(check_static.check()) == {"static": OK}


def test_files_that_were_not_compressed(compressed: Path) -> None:
    compressed.write_text("{}")
    assert levels(check_static.check()) == {"static-compressed": PROBLEM}


def test_a_horizon_that_has_no_templates_of_the_panels(
    compressed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Any:
        raise TemplateDoesNotExist(name)

    monkeypatch.setattr(check_static.loader, "get_template", missing)
    assert levels(check_static.check()) == {"static-compressed": NOT_CHECKED}


def test_a_compressed_file_that_was_deleted(compressed: Path) -> None:
    (compressed.parent / "js" / "output.1.js").unlink()
    assert levels(check_static.check()) == {"static-compressed": PROBLEM}


def test_files_that_were_collected_after_they_were_compressed(
    compressed: Path, static: Path
) -> None:
    later = time.time() + 60
    os.utime(a_script(static), (later, later))
    (finding,) = check_static.check()
    assert (finding.id, finding.level) == ("static-compressed", PROBLEM)
    assert "compress --force" in finding.next_step


# Horizon and its settings.


@pytest.mark.parametrize(
    ("version", "level"),
    [
        ("25.2.1", PROBLEM),
        ("23.0.0", PROBLEM),
        ("25.3.0", OK),
        ("27.0.0", OK),
        ("27.1.0", OK),
        ("28.0.0", NOTE),
        ("27.0.0.dev12+g123", OK),
        ("", NOTE),
    ],
)
def test_the_version_of_horizon(monkeypatch: pytest.MonkeyPatch, version: str, level: str) -> None:
    monkeypatch.setattr(horizon, "version", lambda: version)
    assert levels(check_settings.check_version()) == {"horizon-version": level}


def test_without_metadata_there_is_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert horizon.version() == ""


def test_a_cache_that_processes_do_not_share(settings: Any) -> None:
    settings.DEBUG = False
    found = levels(check_settings.check_settings())
    assert found == {"settings-W001": PROBLEM}


def test_a_check_that_the_operator_has_silenced(settings: Any) -> None:
    """As where one process serves everybody."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.SILENCED_SYSTEM_CHECKS = ["helion_images_panel.W001"]
    assert levels(check_settings.check_settings()) == {"settings": OK}


def test_a_wrong_setting_is_a_problem(settings: Any) -> None:
    settings.DEBUG = True
    settings.HELION_IMAGES_CONCURRENCY = 0
    assert levels(check_settings.check_settings()) == {"settings-E002": PROBLEM}
    settings.HELION_IMAGES_CONCURRENCY = 1
    assert levels(check_settings.check_settings()) == {"settings": OK}


def a_cache(settings: Any, backend: str, **options: Any) -> None:
    name = f"django.core.cache.backends.{backend}"
    settings.CACHES = {"default": {"BACKEND": name, **options}}


def test_a_cache_that_works(settings: Any, tmp_path: Path) -> None:
    a_cache(settings, "filebased.FileBasedCache", LOCATION=str(tmp_path))
    assert levels(check_settings.check_cache()) == {"cache": OK}
    assert not list(tmp_path.iterdir())


def test_a_cache_that_stores_nothing(settings: Any) -> None:
    a_cache(settings, "dummy.DummyCache")
    assert levels(check_settings.check_cache()) == {"cache": PROBLEM}


@pytest.mark.parametrize("error", [ModuleNotFoundError("no driver"), ConnectionRefusedError(111)])
def test_a_cache_without_its_driver_or_server(
    settings: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(*_args: Any, **_kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(check_settings.cache, "set", failing)
    (finding,) = check_settings.check_cache()
    assert (finding.id, finding.level) == ("cache", PROBLEM)
    assert type(error).__name__ in finding.text


# Policy.


@pytest.fixture(autouse=True)
def _policy_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a new process; the other tests have theirs back afterwards."""
    monkeypatch.setattr(auth_policy, "_ENFORCER", None)


def add_our_rules(settings: Any) -> None:
    namespace = {"POLICY_DIRS": settings.POLICY_DIRS}
    exec(files.policy_file().text, namespace)  # noqa: S102
    settings.POLICY_DIRS = namespace["POLICY_DIRS"]


def test_the_policy_of_horizon(settings: Any) -> None:
    """Before 27.0 it needs the rules of `enable --policy`."""
    expected = {"policy": OK} if horizon.release() >= (27,) else {"policy-readers": PROBLEM}
    assert levels(check_settings.check_policy()) == expected
    add_our_rules(settings)
    auth_policy.reset()
    assert levels(check_settings.check_policy()) == {"policy": OK}


def test_all_rules_of_the_panels_are_looked_for() -> None:
    assert policy.MODIFY_IMAGE in check_settings._RULES
    assert policy.COPY_IMAGE in check_settings._RULES
    assert all(isinstance(rule, str) for rule in check_settings._RULES)


@pytest.mark.parametrize("name", ["POLICY_FILES", "DEFAULT_POLICY_FILES"])
def test_a_policy_file_that_is_not_set(settings: Any, name: str) -> None:
    value = {key: file for key, file in getattr(settings, name).items() if key != "image"}
    setattr(settings, name, value)
    (finding,) = check_settings.check_policy()
    assert (finding.id, finding.level) == ("policy-missing", PROBLEM)
    assert name in finding.text


def test_a_policy_file_that_is_missing(settings: Any) -> None:
    files_ = settings.DEFAULT_POLICY_FILES
    settings.DEFAULT_POLICY_FILES = {**files_, "image": "default_policies/none.yaml"}
    (finding,) = check_settings.check_policy()
    assert "default_policies/none.yaml" in finding.text


def test_rules_that_are_missing(settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "glance.yaml"
    file.write_text("- {name: get_images, check_str: '', description: d, scope_types: [project]}\n")
    settings.DEFAULT_POLICY_FILES = {**settings.DEFAULT_POLICY_FILES, "image": str(file)}
    (finding,) = check_settings.check_policy()
    assert (finding.id, finding.level) == ("policy-missing", PROBLEM)
    assert "modify_image" in finding.text


def test_actions_for_readers(settings: Any, tmp_path: Path) -> None:
    """As with Horizon before 27.0; the rules of `enable --policy` correct it."""
    folder = tmp_path / "open.d"
    folder.mkdir()
    (folder / "open.yaml").write_text('"modify_image": "project_id:%(project_id)s"\n')
    settings.POLICY_DIRS = {"image": [str(folder)]}
    (finding,) = check_settings.check_policy()
    assert (finding.id, finding.level) == ("policy-readers", PROBLEM)
    add_our_rules(settings)
    auth_policy.reset()
    assert levels(check_settings.check_policy()) == {"policy": OK}


def test_no_policy_at_all(settings: Any) -> None:
    settings.POLICY_CHECK_FUNCTION = None
    assert levels(check_settings.check_policy()) == {"policy": NOTE}


# The web server.


class Scripted(PublicAddress):
    """An address whose responses are given; the last one is repeated."""

    def __init__(
        self,
        *responses: Response | Exception,
        to_size: Response | Exception | None = None,
    ) -> None:
        super().__init__("https://cloud.example.org/horizon/")
        self.responses = list(responses)
        self.to_size = to_size
        self.pauses: list[float] = []
        self.sizes: list[int] = []

    def send_body(self, pause_s: float) -> Response:
        self.pauses.append(pause_s)
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        if isinstance(response, Exception):
            raise response
        return response

    def declare_size(self, size_bytes: int, within_s: float) -> Response | None:
        self.sizes.append(size_bytes)
        if isinstance(self.to_size, Exception):
            raise self.to_size
        return self.to_size


def reached(
    seconds: float, read_bytes: int = probe.BODY_BYTES, version: str | None = None
) -> Response:
    values = {
        "probe": probe.NAME,
        "read_bytes": read_bytes,
        "seconds": seconds,
        "version": probe.version() if version is None else version,
    }
    return Response(200, values=values)


def test_without_an_address_it_is_not_checked() -> None:
    assert levels(check_web.check(None, 1)) == {"web-server": NOT_CHECKED}


def test_a_web_server_that_passes_bodies_on() -> None:
    address = Scripted(reached(1.02))
    assert levels(check_web.check(address, 50)) == {"web-buffering": OK, "web-limit": OK}
    assert address.sizes == [50 * 1024**3]
    assert address.pauses == [1.0]


def test_a_web_server_that_was_not_restarted() -> None:
    found = list(check_web.check(Scripted(reached(1.0, version="0.0.1")), 50))
    assert levels(found) == {"web-version": PROBLEM, "web-buffering": OK, "web-limit": OK}
    assert "0.0.1" in found[0].text
    assert "Restart" in found[0].next_step


def test_a_late_reader_is_asked_again() -> None:
    """A busy dashboard may see only the end of the first pause."""
    address = Scripted(reached(0.1), reached(3.9))
    assert levels(check_web.check(address, 50)) == {"web-buffering": OK, "web-limit": OK}
    assert address.pauses == [1.0, 4.0]


def test_a_web_server_that_buffers() -> None:
    address = Scripted(reached(0.002))
    found = levels(check_web.check(address, 50))
    assert found == {"web-buffering": PROBLEM, "web-limit": OK}


def test_a_web_server_with_a_limit() -> None:
    found = list(check_web.check(Scripted(reached(1.1), to_size=Response(413)), 50))
    assert levels(found) == {"web-buffering": OK, "web-limit": PROBLEM}
    assert "50 GiB" in found[-1].text
    (finding,) = check_web.check(Scripted(Response(413)), 50)
    assert (finding.id, finding.level) == ("web-limit", PROBLEM)
    assert "4 MiB" in finding.text


@pytest.mark.parametrize(
    ("response", "id_", "level"),
    [
        (
            Response(302, "https://cloud.example.org/auth/login/?next=x"),
            "web-panel",
            PROBLEM,
        ),
        (Response(404), "web-panel", PROBLEM),
        (Response(301, "https://other.example.org/"), "web-address", PROBLEM),
        (Response(502), "web-body", PROBLEM),
        (Response(200), "web-body", PROBLEM),
        (Response(200, values={"probe": "else"}), "web-body", PROBLEM),
        (Response(400), "web-body", PROBLEM),
        (Response(400, values={"probe": probe.NAME}), "web-body", PROBLEM),
        (Response(411, values={"probe": probe.NAME}), "web-length", PROBLEM),
        (Response(403), "web-body", PROBLEM),
        (Response(403, values={"probe": probe.NAME}), "web-secret-key", PROBLEM),
        (Response(429, values={"probe": probe.NAME}), "web-server", NOT_CHECKED),
        (reached(1.0, 5), "web-body", PROBLEM),
        (reached(60.0, 5), "web-body", NOT_CHECKED),
        (Unreachable("connection refused"), "web-address", PROBLEM),
    ],
)
def test_other_responses(response: Response | Exception, id_: str, level: str) -> None:
    assert levels(check_web.check(Scripted(response), 50)) == {id_: level}


@pytest.mark.parametrize(
    ("response", "level"),
    [
        (None, OK),
        (Response(200, values={"probe": probe.NAME, "declared_bytes": 50 * 1024**3}), OK),
        (Response(502), OK),
        (Response(200, values={"probe": probe.NAME, "declared_bytes": 1}), PROBLEM),
        (Response(200), PROBLEM),
        (Response(400), PROBLEM),
        (Response(403), PROBLEM),
        (Response(301, "https://other.example.org/"), PROBLEM),
        (Unreachable("closed"), PROBLEM),
    ],
)
def test_responses_to_a_size(response: Response | Exception | None, level: str) -> None:
    found = levels(check_web.check(Scripted(reached(1.0), to_size=response), 50))
    assert found == {"web-buffering": OK, "web-limit": level}


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Cloud.example.org:443/x", "https://cloud.example.org"),
        ("http://cloud.example.org:80", "http://cloud.example.org"),
        ("http://cloud.example.org:443", "http://cloud.example.org:443"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443"),
    ],
)
def test_the_origin_is_the_one_that_browsers_send(url: str, origin: str) -> None:
    assert PublicAddress(url).origin == origin


@pytest.mark.parametrize("url", ["cloud.example.org", "ftp://x/", "https://", "https://u:p@x/", ""])
def test_what_is_no_address(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["check", "--url", url])
    assert ended.value.code == 2
    assert "not an address" in capsys.readouterr().err


@pytest.mark.parametrize("size", ["0", "-1", "x", "9" * 9])
def test_what_is_no_size(size: str) -> None:
    with pytest.raises(SystemExit):
        command.main(["check", "--largest-gib", size])


# Glance.


@pytest.fixture
def _no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("_no_login")
def test_without_a_login_glance_is_not_checked() -> None:
    found = levels(check_glance.check("", None))
    assert found == {"glance": NOT_CHECKED, "glance-plugins": NOT_CHECKED}


@pytest.mark.usefixtures("_no_login")
def test_a_login_that_fails_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_CLOUD", "no-such-cloud")
    found = levels(check_glance.check("", None))
    assert found["glance-login"] == PROBLEM


@pytest.mark.usefixtures("_no_login")
@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("[image_import_opts]\nimage_import_plugins = [image_conversion]\n", NOTE),
        ("[image_import_opts]\nimage_import_plugins = ['image_decompression','other']\n", NOTE),
        ("[image_import_opts]\nimage_import_plugins = no_op\n", OK),
        ("[image_import_opts]\nimage_import_plugins =\n", OK),
        ("[DEFAULT]\nno_value\nworkers = %(x)s\n", OK),
        ("no section\n", PROBLEM),
    ],
)
@pytest.mark.parametrize("whole_folder", [True, False])
def test_plugins_in_the_configuration(
    tmp_path: Path, text: str, level: str, whole_folder: bool
) -> None:
    (tmp_path / "glance-api.conf").write_text(text)
    path = tmp_path if whole_folder else tmp_path / "glance-api.conf"
    assert levels(check_glance.check("", path))["glance-plugins"] == level


@pytest.mark.usefixtures("_no_login")
@pytest.mark.parametrize("folder", ["glance-api.conf.d", "glance.conf.d"])
def test_plugins_in_a_folder_of_parts(tmp_path: Path, folder: str) -> None:
    (tmp_path / "glance-api.conf").write_text("[DEFAULT]\n")
    (tmp_path / folder).mkdir()
    part = "[image_import_opts]\nimage_import_plugins = [image_conversion]\n"
    (tmp_path / folder / "10.conf").write_text(part)
    assert levels(check_glance.check("", tmp_path))["glance-plugins"] == NOTE


@pytest.mark.usefixtures("_no_login")
def test_a_folder_without_a_configuration_of_glance(tmp_path: Path) -> None:
    (tmp_path / "nova.conf").write_text("[DEFAULT]\n")
    assert levels(check_glance.check("", tmp_path))["glance-plugins"] == PROBLEM


@pytest.mark.usefixtures("_no_login")
def test_a_configuration_that_is_missing(tmp_path: Path) -> None:
    assert levels(check_glance.check("", tmp_path / "none"))["glance-plugins"] == PROBLEM


@pytest.fixture
def member(monkeypatch: pytest.MonkeyPatch, glance: Any) -> Any:
    """The environment has the login of a member."""
    request = factories.request(factories.member())
    monkeypatch.setattr(check_glance, "request_from_environment", lambda: request)
    return glance


@pytest.mark.parametrize(("disk_format", "seen"), [("qcow2", False), ("raw", True)])
def test_images_that_were_converted(member: Any, disk_format: str, seen: bool) -> None:
    image = member.add(disk_format=disk_format, container_format="bare")
    requested = Requested.of_url("disk.qcow2", "qcow2", "bare")
    image.update(requested_property(image["id"], requested))
    found = levels(check_glance.check("", None))
    assert found.get("glance-conversion") == (NOTE if seen else None)


@pytest.mark.parametrize(
    ("method", "methods", "level"),
    [
        ("stage", ["web-download", "glance-direct"], OK),
        ("stage", ["web-download"], PROBLEM),
        ("auto", ["web-download"], None),
        ("put", ["web-download"], None),
    ],
)
def test_files_that_are_to_be_staged(
    member: Any, settings: Any, method: str, methods: list[str], level: str | None
) -> None:
    settings.HELION_IMAGES_UPLOAD_METHOD = method
    member.import_methods = methods
    found = list(check_glance.check("", None))
    assert levels(found).get("glance-staging") == level
    if level == PROBLEM:
        assert "glance-direct" in next(f.next_step for f in found if f.id == "glance-staging")


@pytest.mark.usefixtures("_no_login")
@pytest.mark.parametrize(("method", "told"), [("auto", True), ("put", True), ("stage", False)])
def test_files_on_a_cloud_that_converts(
    tmp_path: Path, settings: Any, method: str, told: bool
) -> None:
    settings.HELION_IMAGES_UPLOAD_METHOD = method
    part = "[image_import_opts]\nimage_import_plugins = [image_conversion]\n"
    (tmp_path / "glance-api.conf").write_text(part)
    found = {finding.id: finding for finding in check_glance.check("", tmp_path)}
    assert ("HELION_IMAGES_UPLOAD_METHOD" in found["glance-plugins"].next_step) is told


def test_attributes_that_are_required(member: Any) -> None:
    member.required = {"min_disk": {"type": "integer"}}
    found = list(check_glance.check("", None))
    assert levels(found)["glance-required"] == NOTE
    assert any("min_disk" in finding.text for finding in found)


@pytest.mark.parametrize(
    ("error", "id_"),
    [
        (exceptions.SessionEnded(), "glance-login"),
        (exceptions.ImageServiceUnavailable("The image service is down."), "glance"),
    ],
)
def test_a_glance_that_does_not_respond(
    member: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, id_: str
) -> None:
    def failing(_request: Any) -> Any:
        raise error

    monkeypatch.setattr(check_glance.imports, "import_methods", failing)
    found = levels(check_glance.check("", None))
    assert found[id_] == PROBLEM


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, False),
        ({"Origin": "https://cloud.example.org"}, True),
        ({"Origin": "*"}, True),
        ({"Origin": "https://other.example.org"}, False),
        ({"Origin": "*", "Methods": "GET,POST"}, False),
        ({"Origin": "*", "Headers": "Content-Type"}, False),
        ({"Origin": "*", "Headers": "*"}, True),
    ],
)
def test_direct_uploads(
    member: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    allowed: bool,
) -> None:
    settings.HORIZON_IMAGES_UPLOAD_MODE = "direct"
    all_headers = {
        "Methods": "GET, PUT",
        "Headers": "Content-Type,X-Auth-Token,X-Image-Meta-Store",
        **headers,
    }
    response = requests.Response()
    response.status_code = 200
    response.headers.update(
        {f"Access-Control-Allow-{name}": value for name, value in all_headers.items()}
    )
    monkeypatch.setattr(cors.requests.Session, "options", lambda *_args, **_kwargs: response)
    found = levels(check_glance.check("https://cloud.example.org", None))
    assert found["glance-cors"] == (OK if allowed else PROBLEM)
    assert levels(check_glance.check("", None))["glance-cors"] == NOT_CHECKED


# The whole command.


def findings(*ids: tuple[str, str]) -> Any:
    return lambda *_args: iter([Finding(id_, level, "Text.", "Step.") for id_, level in ids])


@pytest.mark.parametrize(("level", "code"), [(OK, 0), (NOTE, 0), (NOT_CHECKED, 0), (PROBLEM, 1)])
def test_the_exit_code(monkeypatch: pytest.MonkeyPatch, level: str, code: int) -> None:
    monkeypatch.setattr(command, "check", findings(("one", OK), ("two", level)))
    assert command.main(["check"]) == code
    assert command.main(["check", "--json"]) == code


def test_json_has_each_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "check", findings(("one", PROBLEM)))
    command.main(["check", "--json"])
    assert json.loads(capsys.readouterr().out) == {
        "findings": [{"id": "one", "level": PROBLEM, "text": "Text.", "next_step": "Step."}]
    }


def test_what_others_say_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = str(Finding("x", PROBLEM, "\x1b[2Jname\u202e", "step\x07"))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\x07" not in text


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (ModuleNotFoundError("no", name="openstack_dashboard"), "Horizon's own Python"),
        (PermissionError(13, "Permission denied", "/x/.secret_key_store"), "user of the web"),
        (SyntaxError("bad"), "Correct the settings"),
    ],
)
def test_settings_that_cannot_be_loaded(
    monkeypatch: pytest.MonkeyPatch, error: Exception, step: str
) -> None:
    def failing() -> None:
        raise error

    monkeypatch.setattr(horizon, "set_up", failing)
    (finding,) = check.check(None, None, 1, None)
    assert finding.level == PROBLEM
    assert step in finding.next_step


def test_an_error_ends_one_check_only(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(horizon, "set_up", lambda: None)
    settings.STATIC_ROOT = None
    settings.DEBUG = False
    found = levels(check.check(None, None, 1, None))
    assert found["error"] == PROBLEM
    assert {"horizon-version", "web-server", "glance-plugins"} <= found.keys()


def test_no_secret_key_is_written(tmp_path: Path) -> None:
    """The web server's user could not read a key of the user of this command."""
    key_file = tmp_path / "key"
    assert len(horizon._existing_key(str(key_file))) == 64
    assert not list(tmp_path.iterdir())
    key_file.write_text("existing")
    key_file.chmod(0o600)
    assert horizon._existing_key(str(key_file)) == "existing"
