# SPDX-License-Identifier: Apache-2.0
"""What is checked before a commit is what `tox -e lint` checks."""

import configparser
import re
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
IN_TOX = "python3 -m tox exec -q -e lint -- "

#: A hook may mend what tox only tells.
MENDED = {"ruff check --fix .": "ruff check .", "ruff format .": "ruff format --check ."}

#: It asks the network.
NOT_BEFORE_A_COMMIT = "python -m tests.audit"


def test_pre_commit_runs_the_commands_of_tox() -> None:
    tox = configparser.ConfigParser()
    tox.read(REPOSITORY / "tox.ini")
    lines = tox["testenv:lint"]["commands"].strip().splitlines()
    # What another section of tox.ini has makes up ESLint's folder.
    commands = [line for line in lines if not line.startswith("{") and line != NOT_BEFORE_A_COMMIT]

    settings = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repository in settings["repos"] for hook in repository["hooks"]]
    assert all(hook["entry"].startswith(IN_TOX) for hook in hooks)
    entries = [hook["entry"].removeprefix(IN_TOX) for hook in hooks]

    assert [MENDED.get(entry, entry) for entry in entries] == commands


def test_each_exception_of_bandit_has_its_check_and_its_reason() -> None:
    """The reason is a comment in the lines before it, within the same function."""
    found = 0
    for path in sorted((REPOSITORY / "helion_images_panel").rglob("*.py")):
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if "nosec" not in line:
                continue
            found += 1
            where = f"{path}:{number + 1}"
            assert re.search(r"# nosec B\d{3}$", line), where
            start = max(n for n in range(number) if re.match(r"\s*def ", lines[n]))
            assert any(re.match(r"\s+# \w", each) for each in lines[start:number]), where
    assert found
