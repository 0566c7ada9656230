# SPDX-License-Identifier: Apache-2.0
"""The plugin of devstack, with stand-ins for the functions of devstack that it calls."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

DEVSTACK = """\
set -eu
PYTHON={python}
HORIZON_DIR={horizon}
function enable_service {{ ENABLED=$1; }}
function is_service_enabled {{ [[ $1 == horizon || $1 == {service} ]]; }}
function setup_develop {{ echo "setup_develop $1"; }}
{first}
source {repository}/devstack/settings
[[ $ENABLED == helion-images-panel ]]
set -- {phase}
source {repository}/devstack/plugin.sh "$@"
"""


def phase(folder, name, first="", service="helion-images-panel"):
    script = DEVSTACK.format(
        python=sys.executable,
        horizon=folder,
        repository=REPOSITORY,
        phase=name,
        first=first,
        service=service,
    )
    ran = subprocess.run(
        ["/bin/bash", "-c", script],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def there(folder):
    return sorted(path.name for path in folder.rglob("*.py"))


ENABLED = ["_1050_project_images_panel.py", "_2160_admin_images_panel.py"]


def test_stack_and_unstack(tmp_path):
    for name in ("stack pre-install", "stack install", "stack extra"):
        assert phase(tmp_path, name) == ""
    assert there(tmp_path) == []
    assert f"setup_develop {REPOSITORY}" in phase(tmp_path, "stack post-config")
    assert set(there(tmp_path)) >= set(ENABLED)
    phase(tmp_path, "stack post-config")
    phase(tmp_path, "unstack")
    assert there(tmp_path) == []


def test_the_file_of_settings_is_optional(tmp_path):
    phase(tmp_path, "stack post-config", "HELION_IMAGES_SETTINGS_FILE=True")
    assert "_1051_helion_images_settings.py" in there(tmp_path)


@pytest.mark.parametrize("service", ["other", "horizon"])
def test_a_service_that_is_disabled(tmp_path, service):
    phase(tmp_path, "stack post-config", service=service)
    assert there(tmp_path) == []
