# SPDX-License-Identifier: Apache-2.0
"""This panel beside other ways, in one run on real services: ``python -m benchmarks.uploads``.

``python -m benchmarks.bulk`` is about many images at once.
"""
