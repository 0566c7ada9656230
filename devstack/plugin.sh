# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A plugin of devstack: the Images panels in its Horizon. devstack sources this file in each
# phase, with its own functions and variables.

HELION_IMAGES_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The command, with the Python in which devstack installs Horizon.
function helion_images_panel {
    "$PYTHON" -m helion_images_panel "$@" --into "$HORIZON_DIR/openstack_dashboard/local"
}

function install_helion_images_panel {
    # Horizon 27.0 needs no --policy; the command knows.
    local options=(--policy)
    if [[ "$HELION_IMAGES_SETTINGS_FILE" == "True" ]]; then
        options+=(--settings)
    fi
    setup_develop "$HELION_IMAGES_DIR"
    helion_images_panel enable "${options[@]}"
}

if is_service_enabled horizon && is_service_enabled helion-images-panel; then
    case "$1 ${2:-}" in
        # devstack has installed its Horizon, and collects the static files after this phase.
        "stack post-config")
            install_helion_images_panel
            ;;
        "unstack "*)
            helion_images_panel disable
            ;;
    esac
fi
