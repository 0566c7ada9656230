# SPDX-License-Identifier: Apache-2.0
"""A mechanism driver without a mechanism."""

from typing import Any

from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.plugins.ml2 import api


class BindsEveryPort(api.MechanismDriver):  # type: ignore[misc]
    """Takes each port for connected as soon as it has a host."""

    def initialize(self) -> None:
        pass

    def bind_port(self, context: Any) -> None:
        for segment in context.segments_to_bind:
            context.set_binding(
                segment[api.ID], portbindings.VIF_TYPE_OTHER, {}, constants.PORT_STATUS_ACTIVE
            )
