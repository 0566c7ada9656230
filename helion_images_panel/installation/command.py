# SPDX-License-Identifier: Apache-2.0
"""The command `helion-images-panel`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from helion_images_panel.installation import changes, files, horizon
from helion_images_panel.installation.check import check
from helion_images_panel.installation.finding import NOT_CHECKED, NOTE, OK, PROBLEM
from helion_images_panel.installation.public_address import PublicAddress

DONE, FAILED = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (changes.NotDone, horizon.NoHorizon) as error:
        print(f"helion-images-panel: {error}", file=sys.stderr)
        return FAILED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="helion-images-panel",
        description="Puts the Images panels into a Horizon, takes them out, and checks them. "
        "Run it with Horizon's own Python.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    enable = _subparser(commands, "enable", "put the panels into a Horizon")
    enable.set_defaults(run=_enable)
    enable.add_argument(
        "--policy",
        action="store_true",
        help="also add the rules of Glance that Horizon before 27.0 lacks",
    )
    enable.add_argument(
        "--settings", action="store_true", help="also write a file with all settings, to be edited"
    )
    enable.add_argument(
        "--force",
        action="store_true",
        help="replace files that are another's or were changed; they are kept as NAME.before",
    )
    _add_dry_run(enable)

    disable = _subparser(commands, "disable", "remove the files that enable has put there")
    disable.set_defaults(run=_disable)
    _add_dry_run(disable)

    checking = _subparser(commands, "check", "report problems, with their causes and next steps")
    checking.set_defaults(run=_check)
    checking.add_argument(
        "--url",
        type=_address,
        metavar="ADDRESS",
        help="the dashboard's address as users have it, such as https://cloud.example.org/horizon: "
        "checks the web server, with a body of 4 MiB",
    )
    checking.add_argument(
        "--largest-gib",
        type=_size,
        default=1024,
        metavar="GIB",
        help="size of the largest image that users upload, for the web server's limit "
        "(default: 1024)",
    )
    checking.add_argument(
        "--glance-config",
        type=Path,
        metavar="PATH",
        help="Glance's configuration, a file or a folder: checks whether imports convert images",
    )
    checking.add_argument("--json", action="store_true", help="print the findings as JSON")
    return parser


def _subparser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIR",
        help="Horizon's folder openstack_dashboard/local (default: that of this environment)",
    )
    return parser


def _add_dry_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, only")


def _address(text: str) -> PublicAddress:
    try:
        return PublicAddress(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not an address: {error}") from error


def _size(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**20:
        raise argparse.ArgumentTypeError("must be a whole number of GiB")
    return int(text)


def _enable(options: argparse.Namespace) -> int:
    wanted = files.enabled_files()
    if options.policy:
        if horizon.release() >= (27,):
            print(f"not needed: Horizon {horizon.version()} has the rules of --policy.")
        else:
            wanted.append(files.policy_file())
    if options.settings:
        wanted.append(files.settings_file())
    local = options.into or horizon.local_folder()
    print(f"Horizon {horizon.version() or 'of unknown version'}, files in {local}")
    written = changes.enable(local, wanted, print, force=options.force, dry_run=options.dry_run)
    if written and not options.dry_run:
        _print_next_steps(checks=True)
    return DONE


def _disable(options: argparse.Namespace) -> int:
    local = options.into or horizon.local_folder()
    removed = changes.disable(local, print, dry_run=options.dry_run)
    if removed and not options.dry_run:
        _print_next_steps(checks=False)
    return DONE


def _print_next_steps(checks: bool) -> None:
    django = f"{sys.executable} -m django"
    hint = ""
    if os.geteuid() == 0:
        # They also create Horizon's SECRET_KEY if it has none yet.
        django = f"runuser -u USER_OF_THE_WEB_SERVER -- {django}"
        hint = ", as the user of the web server, who has to be able to read what they create"
    print(
        f"\nNext steps{hint}:\n"
        "    export DJANGO_SETTINGS_MODULE=openstack_dashboard.settings\n"
        f"    {django} collectstatic --noinput\n"
        f"    {django} compress --force\n"
        "Then restart the web server."
        + (" “helion-images-panel check” reports what is still missing." if checks else "")
    )


def _check(options: argparse.Namespace) -> int:
    findings = []
    for finding in check(options.into, options.url, options.largest_gib, options.glance_config):
        findings.append(finding)
        if not options.json:
            print(finding, flush=True)
    counts = {
        level: sum(finding.level == level for finding in findings)
        for level in (PROBLEM, NOTE, NOT_CHECKED, OK)
    }
    if options.json:
        print(json.dumps({"findings": [each.as_json for each in findings]}, indent=2))
    else:
        print(", ".join(f"{level}: {count}" for level, count in counts.items()))
    return FAILED if counts[PROBLEM] else DONE
