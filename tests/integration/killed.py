# SPDX-License-Identifier: Apache-2.0
"""A program that changes images at Glance, and whose process is killed at one of its calls.

Each line of its input is a change as JSON: the name of the step, the ID of the image or of the
domain, and where the process is killed: the number of the call that changes something, and
whether Glance still gets that call. Each line of its output is the exit code: -9 if the process
was killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from demo.cloud import Cloud
from tests.integration import lifecycle

#: After a call of this number nothing is killed.
NEVER = 1_000_000


class Killing:
    """The program, for one user."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def take(self, step: str, id_: str, call: int = NEVER, is_sent: bool = False) -> bool:
        """Take a step of `_steps`; return whether the process was killed at that call.

        :param is_sent: whether Glance gets the call
        """
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([step, id_, call, is_sent]), file=self._process.stdin, flush=True)
        exit_code = int(self._process.stdout.readline())
        assert exit_code in (0, -signal.SIGKILL)
        return exit_code != 0


@contextmanager
def killing(cloud: Cloud, who: str) -> Iterator[Killing]:
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        env=lifecycle.environment(cloud, who),
        cwd=cloud.horizon.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Killing(process)


def main() -> None:
    import django

    django.setup()
    from helion_images_panel.api.credentials import request_from_environment

    request = request_from_environment()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _take(request, *json.loads(line))
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _take(request: Any, step: str, id_: str, call: int, is_sent: bool) -> None:
    """Take the step, and end this process."""
    from helion_images_panel.api import images, members

    exit_code = 1
    try:
        _kill_at(call, is_sent, images, "image_update", "image_deactivate", "image_reactivate")
        _kill_at(call, is_sent, images, "image_delete")
        _kill_at(call, is_sent, members, "member_create", "member_update", "member_delete")
        _steps()[step](request, id_)
        exit_code = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(exit_code)


_calls = count()


def _kill_at(call: int, is_sent: bool, module: Any, *names: str) -> None:
    def killed(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if next(_calls) != call:
                return function(*args, **kwargs)
            if is_sent:
                function(*args, **kwargs)
            return os.kill(os.getpid(), signal.SIGKILL)

        return wrapper

    for name in names:
        setattr(module, name, killed(getattr(module, name)))


def _steps() -> dict[str, Callable[[Any, str], object]]:
    from datetime import UTC, datetime

    from helion_images_panel.api import families
    from helion_images_panel.api.images import image_get
    from helion_images_panel.core.family import family_of
    from helion_images_panel.publishing import deletion, rules, versions
    from helion_images_panel.ui.publish import audiences

    def make_latest(request: Any, image_id: str, undoes: bool = False) -> None:
        image = image_get(request, image_id)
        versions.make_latest(
            request,
            image,
            families.all_versions(request, image.owner, family_of(image)),
            audiences.accepting_requests(request),
            lambda owned: audiences.owners_domain(request, owned),
            hides=True,
            undoes=undoes,
        )

    return {
        "delete": lambda request, id_: deletion.delete(
            request, image_get(request, id_), "admin", 30
        ),
        "restore": lambda request, id_: deletion.restore(request, image_get(request, id_)),
        "rules": lambda request, id_: list(rules.apply_rules(request, datetime.now(UTC), [id_])),
        "make_latest": make_latest,
        "undo": lambda request, id_: make_latest(request, id_, undoes=True),
    }


if __name__ == "__main__":
    main()
