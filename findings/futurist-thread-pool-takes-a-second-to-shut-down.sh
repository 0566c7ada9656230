#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# futurist 3.5.0: a ThreadPoolExecutor that is used as a context manager takes one
# second to shut down, however short its jobs are.
#
# futurist is OpenStack's drop-in for concurrent.futures. Its idle workers wait for
# work for up to one second at a time, and shutdown() joins them without waking
# them up. Python's own executor wakes its workers and is done in milliseconds. A
# web page that opens such an executor for three calls of 50 ms takes 1.05 s.
#
# Seen: "futurist 1.00 s, concurrent.futures 0.00 s" for three jobs that do nothing.
# Fails if futurist's shutdown comes below half a second, or Python's above.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check futurist==3.5.0

"$folder/venv/bin/python" - <<'PYTHON'
import time
from concurrent import futures

import futurist


def seconds(kind):
    began = time.monotonic()
    with kind(max_workers=3) as executor:
        jobs = [executor.submit(int, "7") for _ in range(3)]
        assert [job.result() for job in jobs] == [7, 7, 7]
    return time.monotonic() - began


slow, quick = seconds(futurist.ThreadPoolExecutor), seconds(futures.ThreadPoolExecutor)
print(f"futurist {slow:.2f} s, concurrent.futures {quick:.2f} s")
assert slow > 0.5 > quick, "the behaviour has changed"
PYTHON
