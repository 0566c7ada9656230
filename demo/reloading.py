# SPDX-License-Identifier: Apache-2.0
"""The WSGI application of a dashboard that serves the working tree.

When a Python file of the plugin changes, the process ends, and gunicorn starts
another. Static files are read where the apps have them, and no browser keeps
one without asking. What cannot be imported is told in each page: were the
worker to fail, gunicorn would end, and the whole cloud with it.
"""

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from demo.horizon import plugin_modules

#: Between two looks at the files.
POLL_S = 0.5

#: For requests that are being answered.
GRACE_S = 1.5

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def _stamps() -> Mapping[Path, int]:
    stamps = {}
    for file in plugin_modules():
        try:
            stamps[file] = file.stat().st_mtime_ns
        except FileNotFoundError:
            continue  # it comes and goes as an editor saves it
    return stamps


def _leave_after_a_change(known: Mapping[Path, int]) -> None:
    while _stamps() == known:
        time.sleep(POLL_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    # Python would wait for the threads that answered requests, and one of them never ends.
    os._exit(0)


def _load() -> WSGIApplication:
    from openstack_dashboard.wsgi import application as dashboard  # isort: skip (sets Django up)
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.http import HttpRequest, HttpResponseBase

    class LiveFiles(StaticFilesHandler):  # type: ignore[misc]
        def serve(self, request: HttpRequest) -> HttpResponseBase:
            response = super().serve(request)
            response["Cache-Control"] = "no-cache"
            return response

    application: WSGIApplication = LiveFiles(dashboard)
    return application


def _telling(text: str) -> WSGIApplication:
    def application(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        start(f"{status.value} {status.phrase}", [("Content-Type", "text/plain; charset=utf-8")])
        return [text.encode()]

    return application


# Before anything is imported, so that no change is missed meanwhile.
threading.Thread(target=_leave_after_a_change, args=(_stamps(),), daemon=True).start()
try:
    application = _load()
except Exception:
    traceback.print_exc()
    application = _telling(traceback.format_exc())
