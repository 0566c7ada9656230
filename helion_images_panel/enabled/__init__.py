# SPDX-License-Identifier: Apache-2.0
"""The files that `helion-images-panel enable` puts into Horizon's `local/enabled`."""
