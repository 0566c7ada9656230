# SPDX-License-Identifier: Apache-2.0
"""The files that `enable` puts into Horizon's folder `local`, and `disable` takes out."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from helion_images_panel import conf
from helion_images_panel.installation import command, files, horizon
from helion_images_panel.installation.files import PluginFile, State

PROJECT = "_1050_project_images_panel.py"
ADMIN = "_2160_admin_images_panel.py"


@pytest.fixture
def local(tmp_path: Path) -> Path:
    """As Horizon has it, with files of others."""
    folder = tmp_path / "local"
    for name in ("enabled", "local_settings.d"):
        (folder / name).mkdir(parents=True)
        (folder / name / "_50_other.py").write_text("OTHER = True\n")
    return folder


@pytest.fixture
def old_horizon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(horizon, "version", lambda: "26.0.0")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(*arguments: str | Path) -> int:
    return command.main([str(argument) for argument in arguments])


def test_enable_and_disable_leave_nothing_behind(local: Path, old_horizon: None) -> None:
    before = tree(local)
    assert run("enable", "--into", local, "--policy", "--settings") == 0
    new = tree(local).keys() - before.keys()
    assert {Path(name).name for name in new} == {
        PROJECT,
        ADMIN,
        "_1050_helion_images_policy.py",
        "_1051_helion_images_settings.py",
    }
    assert run("disable", "--into", local) == 0
    assert tree(local) == before


def test_a_folder_that_does_not_exist_yet_is_made(tmp_path: Path) -> None:
    assert run("enable", "--into", tmp_path / "image" / "local") == 0
    assert set(tree(tmp_path)) == {f"image/local/enabled/{name}" for name in (PROJECT, ADMIN)}


def test_the_default_is_the_horizon_of_this_environment(
    monkeypatch: pytest.MonkeyPatch, local: Path
) -> None:
    import openstack_dashboard

    assert horizon.local_folder() == Path(openstack_dashboard.__file__).parent / "local"
    monkeypatch.setattr(horizon, "local_folder", lambda: local)
    assert run("enable") == 0
    assert (local / "enabled" / PROJECT).exists()


def test_without_a_horizon_the_next_step_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert run("enable") == 1
    assert "--into" in capsys.readouterr().err


def test_twice_is_as_once(local: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("enable", "--into", local, "--settings")
    before = {path: path.stat().st_mtime_ns for path in local.rglob("*.py")}
    capsys.readouterr()
    assert run("enable", "--into", local, "--settings") == 0
    assert {path: path.stat().st_mtime_ns for path in local.rglob("*.py")} == before
    out = capsys.readouterr().out
    assert "written" not in out
    assert "Next steps" not in out
    run("disable", "--into", local)
    capsys.readouterr()
    assert run("disable", "--into", local) == 0
    assert "Nothing to remove" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["enable", "disable"])
def test_a_dry_run_changes_nothing(
    local: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if name == "disable":
        run("enable", "--into", local)
    before = tree(local)
    capsys.readouterr()
    assert run(name, "--into", local, "--dry-run") == 0
    assert tree(local) == before
    out = capsys.readouterr().out
    assert "would be " in out
    assert "Next steps" not in out
    assert str(local / "enabled" / PROJECT) in out


def test_the_next_steps_are_said(local: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("enable", "--into", local)
    out = capsys.readouterr().out
    for word in ("collectstatic", "compress", "restart the web server", "check"):
        assert word in out
    assert str(local / "enabled" / ADMIN) in out


def marked(text: str) -> bytes:
    """A file as another version puts it there."""
    return PluginFile("enabled", PROJECT, text).marked


FOREIGN = b"PANEL = 'images'\nADD_PANEL = 'other.panel.Images'\n"
CHANGED = marked("PANEL = 'images'\n") + b"PANEL_GROUP = 'mine'\n"


@pytest.mark.parametrize("content", [FOREIGN, CHANGED], ids=["foreign", "changed"])
def test_a_file_in_the_way_is_kept_unless_forced(
    local: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = local / "enabled" / ADMIN
    path.write_bytes(content)
    before = tree(local)
    assert run("enable", "--into", local) == 1
    assert tree(local) == before
    err = capsys.readouterr().err
    assert str(path) in err
    assert "--force" in err
    # Nor is it taken out, as what another has put there.
    assert run("disable", "--into", local) == 0
    assert tree(local) == before
    assert str(path) in capsys.readouterr().out
    assert run("enable", "--into", local, "--force") == 0
    assert files.enabled_files()[1].state(path) is State.CURRENT


def test_a_file_of_another_version_is_replaced_and_removed(local: Path) -> None:
    path = local / "enabled" / PROJECT
    path.write_bytes(marked("PANEL = 'images'  # of long ago\n"))
    assert files.enabled_files()[0].state(path) is State.OTHER_VERSION
    assert run("enable", "--into", local) == 0
    assert files.enabled_files()[0].state(path) is State.CURRENT
    path.write_bytes(marked("PANEL = 'images'  # of long ago\n"))
    assert run("disable", "--into", local) == 0
    assert not path.exists()


@pytest.mark.parametrize("name", ["enable", "disable"])
def test_a_file_that_was_copied_from_this_version(local: Path, name: str) -> None:
    """It gets the mark, so that the next version knows it; or it is removed."""
    for file in files.enabled_files():
        file.path(local).write_text(file.text)
    assert run(name, "--into", local) == 0
    after = State.CURRENT if name == "enable" else State.MISSING
    assert {file.state(file.path(local)) for file in files.enabled_files()} == {after}
    assert not list(local.rglob("*.before*"))


def test_what_is_overwritten_is_kept_each_time(
    local: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = local / "enabled" / PROJECT
    for content in (FOREIGN, CHANGED, FOREIGN):
        path.write_bytes(content)
        assert run("enable", "--into", local, "--force") == 0
    out = capsys.readouterr().out
    for suffix, content in (("", FOREIGN), ("2", CHANGED), ("3", FOREIGN)):
        name = f"{PROJECT}.before{suffix}"
        assert (local / "enabled" / name).read_bytes() == content
        assert f"as {name}\n" in out
    assert files.enabled_files()[0].state(path) is State.CURRENT


@pytest.mark.parametrize("content", [b"HELION_IMAGES_SEARCH_ROWS = 5\n", CHANGED])
def test_settings_are_never_overwritten(
    local: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files.settings_file().path(local)
    path.write_bytes(content)
    for options in ((), ("--force",)):
        assert run("enable", "--into", local, "--settings", *options) == 0
        assert path.read_bytes() == content
        assert f"{path}" in capsys.readouterr().out
    assert not list(local.rglob("*.before*"))


OURS = "PANEL = 'images'\nADD_PANEL = 'helion_images_panel.old.Images'\n"


@pytest.mark.parametrize("content", [OURS.encode(), marked(OURS) + b"X = 1\n"])
@pytest.mark.parametrize("name", [PROJECT, "_9000_mine.py"])
def test_disable_fails_while_a_panel_stays(
    local: Path, name: str, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    run("enable", "--into", local)
    path = local / "enabled" / name
    path.write_bytes(content)
    capsys.readouterr()
    # The second time, there is nothing else to remove.
    for _time in range(2):
        assert run("disable", "--into", local) == 1
        seen = capsys.readouterr()
        assert "Nothing to remove" not in seen.out
        assert str(path) in seen.err
        assert "before the package" in seen.err
    assert path.read_bytes() == content
    assert not (local / "enabled" / ADMIN).exists()
    path.write_bytes(content + b"\nDISABLED = True\n")
    assert run("disable", "--into", local) == 0


def test_a_file_is_not_written_by_its_name(
    local: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another user of the folder puts a link in the place of the new file."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    victim.chmod(0o600)
    make = tempfile.mkstemp

    def replaced(**options: Any) -> tuple[int, str]:
        handle, name = make(**options)
        Path(name).unlink()
        Path(name).symlink_to(victim)
        return handle, name

    monkeypatch.setattr(tempfile, "mkstemp", replaced)
    run("enable", "--into", local)
    assert victim.read_text() == "mine"
    assert victim.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("user", [0, 1000])
def test_root_runs_the_next_steps_as_the_web_server(
    local: Path, user: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user)
    run("enable", "--into", local)
    out = capsys.readouterr().out
    assert out.count("runuser -u USER_OF_THE_WEB_SERVER -- ") == (0 if user else 2)


def test_enable_names_the_horizon(
    local: Path, old_horizon: None, capsys: pytest.CaptureFixture[str]
) -> None:
    run("enable", "--into", local)
    assert f"Horizon 26.0.0, files in {local}\n" in capsys.readouterr().out


def test_a_link_is_replaced_and_its_target_is_kept(local: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.py"
    target.write_bytes(FOREIGN)
    path = local / "enabled" / PROJECT
    path.symlink_to(target)
    assert run("enable", "--into", local) == 1
    assert run("enable", "--into", local, "--force") == 0
    assert not path.is_symlink()
    assert target.read_bytes() == FOREIGN


@pytest.mark.parametrize("kind", ["folder", "dead link"])
def test_what_is_no_file_is_in_the_way(local: Path, kind: str) -> None:
    path = local / "enabled" / PROJECT
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(local / "nowhere")
    assert files.enabled_files()[0].state(path) is State.FOREIGN
    assert run("enable", "--into", local) == 1


def test_a_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    assert run("enable", "--into", path) == 1
    assert str(path) in capsys.readouterr().err
    assert path.read_text() == "mine"


def test_edited_settings_are_kept(local: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("enable", "--into", local, "--settings")
    path = local / "local_settings.d" / files.settings_file().name
    path.write_text(path.read_text().replace("# HELION_IMAGES_SEARCH_ROWS", "HELION_IMAGES_SEARCH"))
    edited = path.read_bytes()
    assert run("enable", "--into", local, "--settings") == 0
    assert run("disable", "--into", local) == 0
    assert path.read_bytes() == edited
    assert not (local / "enabled" / PROJECT).exists()
    assert str(path) in capsys.readouterr().out


def test_a_folder_that_cannot_be_written(
    local: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Root may write anywhere, so the error is made here."""

    def refused(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refused)
    if os.geteuid() == 0:
        os.chown(local, 12345, -1)
    before = tree(local)
    assert run("enable", "--into", local) == 1
    assert tree(local) == before
    err = capsys.readouterr().err
    assert "Permission denied" in err
    assert "--into" in err
    if os.geteuid() == 0:
        assert "sudo -u '#12345'" in err


def test_what_was_done_before_an_error_is_named(
    local: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write = files.put

    def full(file: PluginFile, path: Path, before: Path | None) -> None:
        if path.name == ADMIN:
            raise OSError(28, "No space left on device")
        write(file, path, before)

    monkeypatch.setattr(files, "put", full)
    assert run("enable", "--into", local) == 1
    seen = capsys.readouterr()
    assert f"written: {local / 'enabled' / PROJECT}" in seen.out
    assert "No space left" in seen.err
    assert not list(local.rglob("*.new"))


def test_the_web_server_may_read_the_files(local: Path) -> None:
    run("enable", "--into", local)
    assert (local / "enabled" / PROJECT).stat().st_mode & 0o777 == 0o644


def test_the_policy_is_for_older_horizons(
    local: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(horizon, "version", lambda: "27.0.0")
    assert run("enable", "--into", local, "--policy") == 0
    assert not (local / "local_settings.d" / files.policy_file().name).exists()
    assert "not needed" in capsys.readouterr().out


def test_the_policy_snippet_adds_a_folder() -> None:
    """Horizon runs it among its settings."""
    settings = {"POLICY_DIRS": {"compute": ["nova_policy.d"], "image": ["mine.d"]}}
    exec(files.policy_file().text, settings)  # noqa: S102
    dirs = settings["POLICY_DIRS"]
    assert dirs["compute"] == ["nova_policy.d"]
    assert dirs["image"][0] == "mine.d"
    (rules,) = Path(dirs["image"][1]).glob("*.yaml")
    assert "modify_image" in rules.read_text()


def test_the_settings_file_sets_nothing_and_has_every_setting() -> None:
    namespace: dict[str, object] = {}
    text = files.settings_file().text
    exec(text, namespace)  # noqa: S102
    assert not [name for name in namespace if name.startswith("HELION_IMAGES")]
    uncommented = "".join(
        line.removeprefix("# ") for line in text.splitlines(keepends=True) if " = " in line
    )
    exec(uncommented, namespace)  # noqa: S102
    for setting in conf.SETTINGS:
        assert namespace[setting.name] == setting.default


def test_the_name_of_a_draft_is_none_that_horizon_reads(local: Path) -> None:
    with files._draft(local / "enabled", b"") as draft:
        assert draft.suffix != ".py"
    assert not draft.exists()
