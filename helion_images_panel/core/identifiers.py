# SPDX-License-Identifier: Apache-2.0
"""Patterns of the IDs that OpenStack's services give."""

from __future__ import annotations

import re

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

#: Keystone leaves the hyphens out.
PROJECT_ID = re.compile(rf"[0-9a-f]{{32}}|{UUID.pattern}")
