# SPDX-License-Identifier: Apache-2.0
"""The list of Horizon's tests that fail with this plugin: the run notices what differs from it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.horizon.exceptions import EXCEPTIONS, UNSTABLE

REPOSITORY = Path(__file__).resolve().parents[2]

TESTS = """\
class Stock:
    def test_passes(self): pass
    def test_fails(self): raise AssertionError
    def test_depends_on_others(self): raise AssertionError
class TestStock(Stock): pass
"""

PLUGIN = """\
from tests.horizon.plugin import expect
UNSTABLE = {{"Unstable.": ["test_stock.TestStock.test_depends_on_others"]}}
def pytest_collection_modifyitems(config, items):
    expect(config, items, {{"Replaced.": {listed}}}, UNSTABLE)
"""


@pytest.mark.parametrize(
    ("listed", "status", "words"),
    [
        (["test_fails"], 0, "1 passed, 1 deselected, 1 xfailed"),
        ([], 1, "FAILED test_stock.py::TestStock::test_fails"),
        (["test_fails", "test_passes"], 1, "[XPASS(strict)] Replaced."),
        (
            ["test_fails", "test_gone"],
            4,
            "does not have these tests: test_stock.TestStock.test_gone",
        ),
    ],
)
def test_a_difference_from_the_list_fails(tmp_path, listed, status, words):
    (tmp_path / "test_stock.py").write_text(TESTS)
    names = [f"test_stock.TestStock.{name}" for name in listed]
    (tmp_path / "listing.py").write_text(PLUGIN.format(listed=names))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(REPOSITORY)))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rfx", "-p", "no:django", "-p", "listing", "."],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert words in done.stdout + done.stderr
    assert done.returncode == status


def test_only_views_of_the_replaced_panels_are_listed():
    listed = [name for names in EXCEPTIONS.values() for name in names]
    assert len(listed) == len(set(listed))
    outside = {name for name in listed if ".images." not in name}
    # Its last step is the list of the stock panel.
    assert outside == {
        "openstack_dashboard.dashboards.project.instances.tests.InstanceTests"
        ".test_create_instance_snapshot"
    }
    assert not set(listed) & {name for names in UNSTABLE.values() for name in names}
