# SPDX-License-Identifier: Apache-2.0
"""What is said of each finding of the boot checks."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _eager

from helion_images_panel.core import boot_checks
from helion_images_panel.core.disk_content import DiskContent
from helion_images_panel.core.finding import Finding
from helion_images_panel.core.image import Image
from helion_images_panel.core.nova_properties import WrongValue
from helion_images_panel.core.visible_text import isolated
from helion_images_panel.ui.base import labels
from helion_images_panel.ui.boot import content_texts

#: Findings that are neither wrong nor missing anything.
NOTES = frozenset(
    {
        boot_checks.INSTALLER,
        boot_checks.OVA,
        boot_checks.CONTAINER,
        boot_checks.LOGIN_USER,
        *content_texts.NOTES,
    }
)

#: Longest value that is quoted in a sentence.
QUOTED = 40


def sentence(finding: Finding, image: Image, content: DiskContent | None = None) -> str:
    """Return what is wrong, in one sentence."""
    if finding.wrong:
        return _wrong_value(finding, finding.wrong)
    if found := content_texts.sentence(finding, image, content):
        return found
    return _sentences(finding, image)[finding.kind]


def values(image: Image, finding: Finding) -> list[tuple[str, str, str]]:
    """Return name, value now and new value of what the correction changes; empty for none."""
    rows = []
    for name, value in finding.changes.items():
        if name == "min_disk":
            rows.append((_eager("Minimum Disk"), _gigabytes(image.min_disk_gib), _gigabytes(value)))
        else:
            rows.append((name, str(image.properties.get(name, "")), value or ""))
    return rows


def _gigabytes(size: int) -> str:
    return _eager("%(size)s GB") % {"size": size}


def _wrong_value(finding: Finding, wrong: WrongValue) -> str:
    value = wrong.value if len(wrong.value) <= QUOTED else f"{wrong.value[:QUOTED]}…"
    known: dict[str, Any] = {
        "name": wrong.name,
        "value": isolated(value),
        "choices": ", ".join(wrong.choices),
    }
    if finding.kind == boot_checks.UNCLEAR_SWITCH:
        return _eager("%(name)s is “%(value)s”, which Nova takes for “no”.") % known
    if not wrong.choices:
        return (
            _eager("Instances cannot be launched: %(name)s is “%(value)s”, which is not a number.")
            % known
        )
    if finding.changes.get(wrong.name) is not None or len(wrong.choices) > 9:
        return (
            _eager(
                "Instances cannot be launched: %(name)s is “%(value)s”, which Nova does not know."
            )
            % known
        )
    return (
        _eager("Instances cannot be launched: %(name)s is “%(value)s”, and Nova knows %(choices)s.")
        % known
    )


def _sentences(finding: Finding, image: Image) -> dict[str, str]:
    return {
        boot_checks.MIN_DISK: _eager(
            "Instances with a disk of %(min_disk)s GB, the image's minimum, fail to start: the "
            "image needs %(size)s."
        )
        % {"min_disk": image.min_disk_gib, "size": labels.size_label(image.virtual_size_bytes)},
        boot_checks.NO_MIN_DISK: _eager(
            "Instances of flavors with a disk of less than %(size)s GB fail to start: the image "
            "has no minimum disk."
        )
        % {"size": number_format(boot_checks.needed_disk_gib(image))},
        boot_checks.NO_FLAVOR_RAM: _eager(
            "Instances cannot be launched: your project has no flavor with %(size)s MB of "
            "memory, the image's minimum."
        )
        % {"size": number_format(image.min_ram_mib)},
        boot_checks.NO_FLAVOR_DISK: _eager(
            "Launch instances with a new volume: the image needs a disk of %(size)s GB, and no "
            "flavor of your project with enough memory has one."
        )
        % {"size": number_format(boot_checks.needed_disk_gib(image))},
        boot_checks.NO_HOST: _eager("The cloud has no hosts of the architecture %(architecture)s.")
        % {"architecture": finding.name},
        boot_checks.SECURE_BOOT_FIRMWARE: _eager(
            "Secure boot is required, but instances start without it: it needs UEFI firmware."
        ),
        boot_checks.SECURE_BOOT_MACHINE: _eager(
            "Instances cannot be launched: secure boot needs the machine type q35."
        ),
        boot_checks.IDE_BUS: _eager(
            "Instances cannot be launched: %(name)s is ide, and the image's machine type has no "
            "IDE bus."
        )
        % {"name": finding.name},
        boot_checks.SCSI_MODEL: _eager(
            "hw_scsi_model has no effect: the disk is not on the SCSI bus."
        ),
        boot_checks.TPM_CRB: _eager(
            "Instances cannot be launched: the TPM model tpm-crb needs version 2.0."
        ),
        boot_checks.TPM_VERSION: _eager(
            "Instances get no TPM: hw_tpm_model is set, and hw_tpm_version is not."
        ),
        boot_checks.QUIESCE: _eager(
            "Snapshots of instances fail: os_require_quiesce needs the guest agent, which "
            "hw_qemu_guest_agent turns on."
        ),
        boot_checks.INSTALLER: _eager("An ISO is usually an installer, which needs another disk."),
        boot_checks.OVA: _eager("Only hypervisors of VMware launch an OVA."),
        boot_checks.CONTAINER: _eager("No instance can be launched from a container image."),
        boot_checks.LOGIN_USER: _eager(
            "The user to log in as is not recorded. In official images of %(system)s it is "
            "%(user)s."
        )
        % {
            "system": isolated(str(image.properties.get("os_distro", ""))[:QUOTED]),
            "user": finding.name,
        },
    }
