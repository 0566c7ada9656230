# SPDX-License-Identifier: Apache-2.0
"""What Django checks before a command of the package runs."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import clear_url_caches

COMMANDS = ("helion_images_catalogue", "helion_images_lifecycle", "helion_images_sync")


@pytest.fixture(autouse=True)
def _without_credentials(monkeypatch):
    for name in ("OS_AUTH_URL", "OS_CLOUD", "OS_AUTH_TYPE"):
        monkeypatch.delenv(name, raising=False)


def run(name):
    arguments = ["--check"] if name == "helion_images_catalogue" else []
    call_command(name, *arguments, skip_checks=False)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_dashboard_is_loaded_for_a_command(settings, name, capsys):
    """Horizon loads all panels of all dashboards with its URLs, and a command has no page."""
    settings.ROOT_URLCONF = "there.is.none"
    clear_url_caches()
    with pytest.raises(SystemExit) as ended:
        run(name)
    clear_url_caches()
    assert ended.value.code == 1
    assert "auth_url" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_wrong_setting_is_named(settings, name):
    settings.HELION_IMAGES_CONCURRENCY = "many"
    with pytest.raises(SystemCheckError, match="HELION_IMAGES_CONCURRENCY"):
        run(name)
