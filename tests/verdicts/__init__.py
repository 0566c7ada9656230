# SPDX-License-Identifier: Apache-2.0
"""What the browser, the dashboard and Glance each say of a file's content, side by side."""
