# SPDX-License-Identifier: Apache-2.0
"""Glance behind the delay: what gunicorn runs in its place."""

from glance.wsgi.api import application as glance

from benchmarks.delay import Delayed

application = Delayed(glance)
