# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a file's content, and the command that mends it, in words.

`static/helion_images_panel/js/create/file_verdict.js` says the same before the upload.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helion_images_panel.transfers import inspection
from helion_images_panel.transfers.inspection import Finding
from helion_images_panel.ui.base import labels

#: qemu-img's names where they differ from Glance's.
_NAMES_OF_QEMU = {"vhd": "vpc"}

#: Formats that qemu-img cannot read, or need not convert.
_NOT_CONVERTED = frozenset({"iso", "ova", "docker", "ami", "aki", "ari"})

_UNSAFE = gettext_lazy("The file fails a safety check of its format.")

_CAUSES = {
    inspection.PARENT: gettext_lazy(
        "The file contains only the differences from its parent disk, which the cloud does not "
        "have."
    ),
    inspection.SEVERAL_FORMATS: gettext_lazy(
        "The file matches several formats at once and may hide other content."
    ),
    inspection.DAMAGED: gettext_lazy(
        "The file is damaged, incomplete, or only one part of a disk. Its format could not be "
        "checked."
    ),
    inspection.UNREADABLE: gettext_lazy("The file could not be inspected and may be unsafe."),
    "banned": gettext_lazy("The file is QED, which the image service does not accept."),
    "unknown_features": gettext_lazy(
        "The file uses a version or features of QCOW2 that the image service does not accept, "
        "such as version 1 or extended L2 entries."
    ),
    "descriptor": gettext_lazy(
        "The image service does not accept this kind of VMDK: it describes other files, or is "
        "one part of a disk."
    ),
    "footer": gettext_lazy("The end of the VMDK does not match its beginning."),
    "mbr": gettext_lazy("The partition table in the first sector of the file is not valid."),
    "version": gettext_lazy(
        "The disk is encrypted with LUKS version 2. The image service accepts only version 1."
    ),
}

_FILE_SYSTEMS = {
    "ntfs": gettext_lazy(
        "The file is an NTFS file system without a partition table, which the image service does "
        "not accept as it is."
    ),
    "exfat": gettext_lazy(
        "The file is an exFAT file system without a partition table, which the image service "
        "does not accept as it is."
    ),
    "fat": gettext_lazy(
        "The file is a floppy disk or another FAT file system without a partition table, which "
        "the image service does not accept as it is."
    ),
}

#: Formats to convert from, by the cause that this mends. qemu-img recognizes the others.
_CONVERTED_FROM = {
    "banned": "qed",
    "unknown_features": "",
    "descriptor": "",
    "mbr": "raw",
    "version": "raw",
}


def cause(finding: Finding, declared: str | None) -> str:
    """Return the problem of content that is declared to have this format."""
    if finding.kind == inspection.FORMAT:
        return not_the_format(declared, finding.actual_format)
    if finding.kind == inspection.REFERENCE and _first(finding) != inspection.PARENT:
        return _(
            "The file is not a standalone image: it needs another file, which the cloud does not "
            "have."
        )
    if finding.file_system:
        return str(_FILE_SYSTEMS[finding.file_system])
    return str(_CAUSES.get(_first(finding), _UNSAFE))


def advice(finding: Finding) -> str:
    """Return the next step for a file that no other choice of format can make acceptable."""
    name = _first(finding)
    if name == "descriptor":
        return _(
            "Convert the whole disk, with all its files in one folder: %(command)s. Then upload "
            "that as QCOW2."
        ) % {"command": _convert("vmdk")}
    if name == inspection.PARENT:
        return _("Merge it with the parent disk. Then upload the merged disk.")
    if finding.kind == inspection.REFERENCE or name in _CONVERTED_FROM:
        command = _convert(_CONVERTED_FROM.get(name, ""))
        return _("Convert the file: %(command)s. Then upload that as QCOW2.") % {"command": command}
    if name in (inspection.DAMAGED, "footer"):
        return _("Download the file again, or convert the whole disk: %(command)s.") % {
            "command": _convert("")
        }
    return _("Get the file from a trusted source or create it again, then upload it.")


def convert_from(format_name: str) -> str:
    """Return the next step for a file of a format that the cloud does not accept."""
    if format_name in _NOT_CONVERTED:
        return _("Choose another file.")
    command = _convert(_NAMES_OF_QEMU.get(format_name, format_name))
    return _("Convert the file: %(command)s. Then upload that as QCOW2.") % {"command": command}


def not_the_format(declared: str | None, actual: str) -> str:
    values = {"declared": labels.format_label(declared), "actual": labels.format_label(actual)}
    if actual != inspection.RAW:
        # Translators: names of formats, such as QCOW2.
        return _("The file is %(actual)s, not %(declared)s.") % values
    if declared == "vhd":
        # The part that tells is the last one, which is not read before the rest is sent.
        return _(
            "The file does not begin as a VHD. A fixed-size VHD does not either: the image "
            "service takes it as Raw, with its last 512 bytes as a part of the disk."
        )
    return _("The file is not %(declared)s. Its format was not recognized.") % values


def _convert(from_format: str) -> str:
    given = f"-f {from_format} " if from_format else ""
    return f"qemu-img convert {given}-O qcow2 FILE NEW.qcow2"


def _first(finding: Finding) -> str:
    return finding.causes[0] if finding.causes else ""
