#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# gunicorn 27.0.1: after a reload by HUP, the master waits in that very step for its old
# workers to end. Until then it replaces no worker that dies, and the port can go silent.
#
# A dashboard with one worker receives a long upload. HUP starts a new worker, which serves
# the port while the old one finishes the upload. If the new worker ends in that time, for
# example after --max-requests, nothing starts another one until the old worker has ended or
# --graceful-timeout is over: connections are accepted by the kernel and not answered.
#
# Seen: "before 200, after HUP 200, after the new worker ended [None, None, None, None,
# None], later 200": five requests in five seconds without an answer, until the upload is
# complete. Fails if the port answers while the old worker still ends.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check gunicorn==27.0.1

cat > "$folder/app.py" <<'PYTHON'
def application(environ, start_response):
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Length", "0")])
    return [b""]
PYTHON

cat > "$folder/try.py" <<'PYTHON'
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

folder = Path(sys.argv[1])
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
command = [folder / "venv/bin/gunicorn", "app:application", "--chdir", folder, "--workers", "1"]
command += ["--worker-class", "gthread", "--threads", "4", "--graceful-timeout", "60"]
command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
master = subprocess.Popen(command)


def workers():
    children = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text()
    return {int(pid) for pid in children.split()}


def answer(within_s):
    """The status of a small request; None without an answer."""
    try:
        with socket.create_connection(("127.0.0.1", port), within_s) as connection:
            connection.settimeout(within_s)
            connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
            return connection.recv(12).decode()[9:] or None
    except OSError:
        return None


def until(condition, what):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


try:
    until(lambda: answer(1) == "200", "gunicorn did not start")
    before, (old,) = answer(5), workers()
    upload = socket.create_connection(("127.0.0.1", port))
    upload.sendall(b"PUT / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\na")
    time.sleep(1)
    os.kill(master.pid, signal.SIGHUP)
    until(lambda: workers() - {old}, "no new worker")
    until(lambda: answer(1) == "200", "the new worker does not answer")
    reloaded = answer(5)
    for pid in workers() - {old}:
        os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    silent = [answer(1) for _ in range(5)]
    upload.sendall(b"b")
    until(lambda: answer(2) == "200", "no worker after the upload either")
    print(f"before {before}, after HUP {reloaded}, after the new worker ended {silent}, later 200")
    assert (before, reloaded) == ("200", "200")
    assert silent == [None] * 5, "the behaviour has changed"
finally:
    started = [*workers(), master.pid]
    os.kill(master.pid, signal.SIGSTOP)
    for pid in started:
        os.kill(pid, signal.SIGKILL)
PYTHON
"$folder/venv/bin/python" "$folder/try.py" "$folder"
