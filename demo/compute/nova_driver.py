# SPDX-License-Identifier: Apache-2.0
"""A hypervisor of Nova's that keeps its servers over a restart and makes snapshots with data."""

import io
import os
from collections.abc import Callable
from typing import Any

from nova import context as nova_context
from nova import objects
from nova.compute import task_states
from nova.image import glance
from nova.virt import fake

SNAPSHOT_BYTES = 64 * 1024


class DemoDriver(fake.FakeDriverWithoutFakeNodes):  # type: ignore[misc]
    """Nova's own fake driver forgets its servers when it ends, and snapshots stay queued."""

    def init_host(self, host: str) -> None:
        super().init_host(host)
        for server in objects.InstanceList.get_by_host(nova_context.get_admin_context(), host):
            self.instances[server.uuid] = fake.FakeInstance(
                server.name, server.power_state, server.uuid
            )

    def snapshot(
        self,
        context: Any,
        instance: Any,
        image_id: str,
        update_task_state: Callable[..., None],
    ) -> None:
        """Upload a disk of random bytes, so that no two snapshots are the same."""
        super().snapshot(context, instance, image_id, update_task_state)
        metadata = {
            "disk_format": "raw",
            "container_format": "bare",
            "properties": {"image_location": "snapshot", "image_state": "available"},
        }
        images = glance.get_default_image_service()
        images.update(
            context,
            image_id,
            metadata,
            io.BytesIO(os.urandom(SNAPSHOT_BYTES)),
            purge_props=False,
        )
        update_task_state(
            task_state=task_states.IMAGE_UPLOADING, expected_state=task_states.IMAGE_UPLOADING
        )
