# SPDX-License-Identifier: Apache-2.0
"""Known vulnerabilities of what this package requires: `python -m tests.audit`.

pip-audit says "No known vulnerabilities found" also where its database cannot be
reached. This says which packages were not looked up, and fails only for a
vulnerability that was found.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

COMMAND = (sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--format", "json", ".")


def main() -> int:
    ended = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    try:
        dependencies = json.loads(ended.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(ended.stderr.strip())
        print("pip-audit has no result: NOTHING was looked up.")
        # Without a network this is no fault of the code.
        return 0
    lines, found = report(dependencies)
    print("\n".join(lines))
    return 1 if found else 0


def report(dependencies: Sequence[dict[str, Any]]) -> tuple[list[str], bool]:
    """Return the lines to print, and whether there is a vulnerability.

    :param dependencies: `dependencies` of pip-audit's JSON
    """
    skipped = [each["name"] for each in dependencies if "skip_reason" in each]
    lines = [
        f"{each['name']} {each['version']}: {found['id']}, mended in "
        f"{', '.join(found['fix_versions']) or 'no release'}"
        for each in dependencies
        for found in each.get("vulns", ())
    ]
    looked_up = len(dependencies) - len(skipped)
    summary = f"pip-audit: {looked_up} packages looked up, {len(lines)} vulnerabilities."
    if skipped:
        summary += f" NOT looked up, in no database that was reached: {', '.join(skipped)}"
    return [*lines, summary], bool(lines)


if __name__ == "__main__":
    sys.exit(main())
