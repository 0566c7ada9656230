# SPDX-License-Identifier: Apache-2.0
"""What a second tab may do while a page is open, by what the first one does then.

Each cell says what comes of it. In every cell nothing is done that was not meant, nothing that was
typed or ticked is lost, and the outcome is said.

- `does`: it is done, and said to be done.
- `refuses`: nothing changes, the reason is said, and the input stays in the page.
- `now`: the page has what the present session may see at this moment, and nothing else.
- `login`: the login page says that the session has ended, and leads on to what was wanted.
- `either`: the image service trusts a token for some minutes after it has checked it: done or
  refused, whichever is said.
- `.`: it cannot be: there is no image yet, or none with data.

tests/integration/test_two_tabs_matrix.py tries every cell, as the scripts of the page do. A cell
with `*` is also in tests/browser/test_two_tabs_matrix.py, where a person sees it. One with `+` is
in tests/browser/test_two_tabs.py, which goes on to what the person can do about it.
"""

from __future__ import annotations

TABLE = """
           switched  logged-out  same   another   deleted   deactivated  unshared  revoked
create     refuses+  refuses*    does*  refuses*  .         .            .         either
upload     refuses   refuses     does   refuses   refuses   .            .         either
edit       refuses*  refuses+    does+  refuses*  refuses+  does*        refuses*  either
metadata   refuses   refuses     does   refuses+  refuses   does         refuses   either
share      refuses*  refuses*    does   refuses   refuses*  does*        refuses*  either
publish    refuses+  refuses+    does   refuses   refuses   does         does      either
bulk       refuses+  refuses*    does+  refuses*  refuses*  does         refuses*  either
accept     refuses   refuses     does   refuses   refuses   does         refuses   either
page-on    now       login       now    now       now       now          now       either
filter     now       login*      now    now       now       now          now       either
export     now       login       now    now       now       now          now       either
download   refuses   login*      does   now       refuses   refuses      refuses   either
"""

#: What the second tab does:
EVENTS = {
    "switched": "switches the project",
    "logged-out": "logs out",
    "same": "logs out, and in again as the same person",
    "another": "logs out, and in as another person",
    "deleted": "deletes the image",
    "deactivated": "deactivates the image",
    # Publish is chosen in the list of the domain, which still has it then.
    "unshared": "takes the image away from the project: stops sharing it, or changes its owner",
    "revoked": "takes the person's role in the project away",
}


def cells(mark: str = "") -> list[tuple[str, str, str]]:
    """Action, event and outcome of the cells with this mark; of all without one."""
    head, *rows = TABLE.strip().splitlines()
    assert head.split() == list(EVENTS)
    return [
        (action, event, outcome.rstrip("*+"))
        for action, *outcomes in map(str.split, rows)
        for event, outcome in zip(EVENTS, outcomes, strict=True)
        if outcome != "." and outcome.endswith(mark)
    ]
