# SPDX-License-Identifier: Apache-2.0
"""Tests with a real Nova, Neutron and Cinder, in Chromium."""
