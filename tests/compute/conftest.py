# SPDX-License-Identifier: Apache-2.0
"""A cloud with compute services, its instances and volumes, and the other tests' browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo.cloud import Cloud
from demo.compute.environment import Environment, missing_packages
from tests.browser.conftest import (
    browser,
    chromium,
    logins,
    make_image,
    pytest_runtest_makereport,
    pytest_runtest_setup,
    unique,
)
from tests.compute.machines import Machines

__all__ = [
    "browser",
    "chromium",
    "logins",
    "make_image",
    "pytest_runtest_makereport",
    "pytest_runtest_setup",
    "unique",
]


@pytest.fixture(scope="session")
def with_compute() -> bool:
    """Who runs these tests wants what they need from PyPI; Debian's packages take root."""
    assert not missing_packages(), f"apt-get install {' '.join(missing_packages())}"
    environment = Environment()
    if not environment.is_installed:
        environment.install()
    return True


@pytest.fixture
def machines(cloud: Cloud) -> Iterator[Machines]:
    """Instances and volumes, made through the services' APIs; all are removed afterwards."""
    made = Machines(cloud)
    yield made
    made.clean()
