# SPDX-License-Identifier: Apache-2.0
"""A whole small OpenStack cloud on loopback, for people and for tests.

``python -m demo`` runs it; ``demo.cloud.Cloud`` is the same for a program.
"""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
"""The checkout that this package is a part of."""
