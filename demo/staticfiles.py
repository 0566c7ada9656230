# SPDX-License-Identifier: Apache-2.0
"""Collect and compress Horizon's static files, in one process for the two."""

import django
from django.core.management import call_command


def main() -> None:
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("compress", force=True, verbosity=1)


if __name__ == "__main__":
    main()
