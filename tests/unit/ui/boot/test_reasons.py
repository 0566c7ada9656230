# SPDX-License-Identifier: Apache-2.0
"""Each finding of the boot checks has a sentence and a reason."""

import pytest

from helion_images_panel.core import boot_checks, content_checks
from helion_images_panel.core.disk_content import DiskContent
from helion_images_panel.core.finding import Finding
from helion_images_panel.core.image import Image
from helion_images_panel.core.nova_properties import WrongValue
from helion_images_panel.ui.boot import reasons, texts
from tests import factories

#: All kinds, of their names in the modules that find them.
KINDS = sorted(
    value
    for module in (boot_checks, content_checks)
    for name, value in vars(module).items()
    if name.isupper() and not name.startswith("_") and isinstance(value, str)
)
OF_VALUES = {boot_checks.WRONG_VALUE, boot_checks.UNCLEAR_SWITCH}


def finding_of(kind, choices=("virtio", "ide")):
    wrong = WrongValue("hw_disk_bus", "nvme", choices) if kind in OF_VALUES else None
    return Finding(kind, name="hw_disk_bus", wrong=wrong)


def test_the_kinds_are_those_of_the_checks():
    assert {"wrong_value", "no_flavor_ram", "no_flavor_disk", "efi_only"} <= {*KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_each_finding_says_what_and_why(kind):
    image: Image = factories.image(virtual_size=2**30)
    assert texts.sentence(finding_of(kind), image, DiskContent(file_system="XFS"))
    assert reasons.reason(finding_of(kind), ("x86_64",))


def test_the_reason_of_a_wrong_value_names_the_right_ones():
    assert "virtio, ide" in reasons.reason(finding_of(boot_checks.WRONG_VALUE))
    assert "whole numbers" in reasons.reason(finding_of(boot_checks.WRONG_VALUE, ()))
