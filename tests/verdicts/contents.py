# SPDX-License-Identifier: Apache-2.0
"""All contents, in the order of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.verdicts import disks, files
from tests.verdicts.content import Content

GROUPS: Mapping[str, Sequence[Content]] = {
    "QCOW and QED": disks.QCOW2,
    "VMDK": disks.VMDK,
    "VHD, VHDX, VDI, PLOOP": disks.OTHERS,
    "Raw disks": disks.RAW,
    "File systems without a partition table": files.FILE_SYSTEMS,
    "Discs": files.DISCS,
    "Archives and compressed files": files.ARCHIVES,
    "Other files": files.OTHER_FILES,
}

CONTENTS: Sequence[Content] = [content for group in GROUPS.values() for content in group]
