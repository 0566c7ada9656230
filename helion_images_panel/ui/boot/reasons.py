# SPDX-License-Identifier: Apache-2.0
"""Why a finding is one, and the step that no change of the image replaces."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _eager

from helion_images_panel.core import boot_checks
from helion_images_panel.core.finding import Finding
from helion_images_panel.ui.boot import content_texts


def reason(finding: Finding, hosts: Collection[str] = ()) -> str:
    """Return the reason.

    :param hosts: architectures of the cloud's hosts
    """
    if finding.kind == boot_checks.WRONG_VALUE:
        return _of_value(finding)
    return content_texts.reason(finding) or _reasons(finding, hosts)[finding.kind]


def _of_value(finding: Finding) -> str:
    choices = finding.wrong.choices if finding.wrong else ()
    if not choices:
        return _eager(
            "Nova checks this property before it launches an instance, and accepts only whole "
            "numbers."
        )
    return _eager(
        "Nova checks this property before it launches an instance, and accepts only these values: "
        "%(choices)s."
    ) % {"choices": ", ".join(choices)}


def _reasons(finding: Finding, hosts: Collection[str]) -> dict[str, str]:
    of_the_size = _eager(
        "Nova compares the disk of a flavor with the minimum disk and with the size of the file. "
        "It does not compare it with the virtual size: the host fails to make a disk that is too "
        "small."
    )
    return {
        boot_checks.UNCLEAR_SWITCH: _eager(
            "Nova takes yes, true, on and 1 for “yes”, and any other text for “no”, without an "
            "error."
        ),
        boot_checks.MIN_DISK: of_the_size,
        boot_checks.NO_MIN_DISK: of_the_size,
        boot_checks.NO_FLAVOR_RAM: _eager(
            "Nova refuses flavors with less memory than the image's minimum. If the system needs "
            "less, lower the minimum. Otherwise ask the cloud's operator for a "
            "larger flavor."
        ),
        boot_checks.NO_FLAVOR_DISK: _eager(
            "The disk of an instance is that of its flavor, unless it has a volume, whose size "
            "you choose. Without volumes, ask the cloud's operator for a larger flavor."
        ),
        boot_checks.NO_HOST: _eager(
            "This cloud runs %(architectures)s. Nova finds a host for an instance only if one "
            "emulates the image's architecture, which is slow. Use an image for another "
            "architecture."
        )
        % {"architectures": ", ".join(hosts)},
        boot_checks.SECURE_BOOT_FIRMWARE: _eager(
            "Secure boot is a part of UEFI firmware. Without hw_firmware_type of uefi, Nova "
            "starts instances and ignores os_secure_boot."
        ),
        boot_checks.SECURE_BOOT_MACHINE: _eager(
            "On x86_64, Nova starts secure boot only with the machine type q35. With any other, "
            "the instance ends in an error on the host."
        ),
        boot_checks.IDE_BUS: _eager(
            "The machine types q35 and virt have no IDE bus: the instance ends in an error on the "
            "host."
        ),
        boot_checks.SCSI_MODEL: _eager(
            "The model is that of a SCSI controller. Instances get one only for a disk or a CD on "
            "the SCSI bus."
        ),
        boot_checks.TPM_CRB: _eager(
            "The interface CRB exists since TPM 2.0, and Nova refuses it with another version."
        ),
        boot_checks.TPM_VERSION: _eager(
            "Nova adds a TPM only if hw_tpm_version, or the flavor, names a version."
        ),
        boot_checks.QUIESCE: _eager(
            "Nova has the guest agent freeze the disks before a snapshot, and refuses the "
            "snapshot without it. The agent must also be installed in the image."
        ),
        boot_checks.INSTALLER: _eager(
            "An ISO is used as a CD or DVD, and an installer writes the system to another disk. "
            "Launch it with a new volume, install there, and create an image from the volume."
        ),
        boot_checks.OVA: _eager(
            "An OVA is an archive with a disk and a description in it. Nova with VMware reads it. "
            "For other hypervisors, unpack it with tar, and upload the disk as VMDK."
        ),
        boot_checks.CONTAINER: _eager(
            "Container images have no kernel and no boot loader. They are for services that run "
            "containers, such as Zun."
        ),
        boot_checks.LOGIN_USER: _eager(
            "Cloud images have no password. At the first start, cloud-init or Ignition adds the "
            "SSH key of the instance to one user. The property image_original_user tells its name "
            "to those who launch the image."
        ),
    }
