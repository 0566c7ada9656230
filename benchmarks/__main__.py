# SPDX-License-Identifier: Apache-2.0
"""``python -m benchmarks [NAME] [options]``, with the name of a module of `BENCHMARKS`.

Uploads by default.
"""

import sys
from runpy import run_module

BENCHMARKS = (
    *("uploads", "staging", "decompression", "sparse", "bulk", "restore"),
    *("index", "big_list", "storage", "clean_up"),
)

name = sys.argv.pop(1) if sys.argv[1:2] and sys.argv[1] in BENCHMARKS else BENCHMARKS[0]
run_module(f"benchmarks.{name}", run_name="__main__", alter_sys=True)
