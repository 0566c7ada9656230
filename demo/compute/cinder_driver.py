# SPDX-License-Identifier: Apache-2.0
"""Volumes and their snapshots as sparse files, which no server ever reads."""

import os
from pathlib import Path
from typing import Any

from cinder import interface
from cinder.image import image_utils
from cinder.volume import configuration, driver, volume_utils
from oslo_config import cfg

OPTIONS = [cfg.StrOpt("volume_folder", help="Folder of the volumes and snapshots.")]
cfg.CONF.register_opts(OPTIONS, group=configuration.SHARED_CONF_GROUP)

GIB = 1024**3


@interface.volumedriver
class FileDriver(driver.VolumeDriver):  # type: ignore[misc]
    VERSION = "1"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.configuration.append_config_values(OPTIONS)

    def _file(self, of: Any) -> Path:
        """Of a volume or a snapshot; their IDs are UUIDs."""
        return Path(self.configuration.volume_folder, of["id"])

    def check_for_setup_error(self) -> None:
        if not os.path.isdir(self.configuration.volume_folder):
            raise FileNotFoundError(self.configuration.volume_folder)

    def _update_volume_stats(self) -> None:
        self._stats = {
            "volume_backend_name": "files",
            "vendor_name": "demo",
            "driver_version": self.VERSION,
            "storage_protocol": "file",
            "total_capacity_gb": "infinite",
            "free_capacity_gb": "infinite",
        }

    def create_volume(self, volume: Any) -> None:
        self._file(volume).touch()
        os.truncate(self._file(volume), volume["size"] * GIB)

    def delete_volume(self, volume: Any) -> None:
        self._file(volume).unlink(missing_ok=True)

    def extend_volume(self, volume: Any, new_size: int) -> None:
        os.truncate(self._file(volume), new_size * GIB)

    def create_snapshot(self, snapshot: Any) -> None:
        _copy(self._file(snapshot["volume"]), self._file(snapshot))

    def delete_snapshot(self, snapshot: Any) -> None:
        self._file(snapshot).unlink(missing_ok=True)

    def create_volume_from_snapshot(self, volume: Any, snapshot: Any) -> None:
        _copy(self._file(snapshot), self._file(volume))
        os.truncate(self._file(volume), volume["size"] * GIB)

    def create_cloned_volume(self, volume: Any, src_vref: Any) -> None:
        self.create_volume_from_snapshot(volume, src_vref)

    def copy_image_to_volume(
        self, context: Any, volume: Any, image_service: Any, image_id: str, **_more: Any
    ) -> None:
        image_utils.fetch_to_raw(
            context,
            image_service,
            image_id,
            str(self._file(volume)),
            self.configuration.volume_dd_blocksize,
            size=volume["size"],
            run_as_root=False,
        )
        os.truncate(self._file(volume), volume["size"] * GIB)

    def copy_volume_to_image(
        self, context: Any, volume: Any, image_service: Any, image_meta: Any
    ) -> None:
        volume_utils.upload_volume(
            context, image_service, image_meta, str(self._file(volume)), volume, run_as_root=False
        )

    def ensure_export(self, context: Any, volume: Any) -> None:
        pass

    def create_export(self, context: Any, volume: Any, connector: Any) -> None:
        pass

    def remove_export(self, context: Any, volume: Any) -> None:
        pass

    def initialize_connection(self, volume: Any, connector: Any, **_more: Any) -> Any:
        return {"driver_volume_type": "file", "data": {"device_path": str(self._file(volume))}}

    def terminate_connection(self, volume: Any, connector: Any, **_more: Any) -> None:
        pass


def _copy(source: Path, target: Path) -> None:
    """Copy what a file has, and not its holes."""
    end = source.stat().st_size
    with source.open("rb") as reading, target.open("wb") as writing:
        position = 0
        while position < end:
            try:
                begin = os.lseek(reading.fileno(), position, os.SEEK_DATA)
            except OSError:
                break  # Nothing but a hole is left.
            position = os.lseek(reading.fileno(), begin, os.SEEK_HOLE)
            reading.seek(begin)
            writing.seek(begin)
            writing.write(reading.read(position - begin))
        writing.truncate(end)
