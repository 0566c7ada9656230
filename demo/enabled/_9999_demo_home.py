# SPDX-License-Identifier: Apache-2.0
"""Everybody lands on Images: the stock landing page needs a Nova, which the demo has not."""

FEATURE = "demo_home"
UPDATE_HORIZON_CONFIG = {"user_home": "/project/images/"}
