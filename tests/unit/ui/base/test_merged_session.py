# SPDX-License-Identifier: Apache-2.0
"""A request writes its own changes of the session, and nothing of what others wrote meanwhile."""

import json
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.contrib.sessions.backends.cache import SessionStore
from django.contrib.sessions.backends.signed_cookies import SessionStore as CookieStore

from helion_images_panel.ui.base import merged_session
from helion_images_panel.ui.base.merged_session import MergedSession
from helion_images_panel.ui.base.reports import SESSION_KEY

MESSAGES = "_messages"


@pytest.fixture
def stored():
    """A session as the last request has left it."""
    store = SessionStore()
    store.update({"token": "of project A", "region": "one", MESSAGES: json.dumps(["old"])})
    store.save()
    return store


def tab(stored):
    """A request of one of the tabs, which has read the session."""
    return MergedSession(SessionStore(stored.session_key))


def now(stored):
    return dict(SessionStore(stored.session_key).load())


def test_what_another_request_wrote_stays(stored):
    late, other = tab(stored), tab(stored)
    other["token"] = "of project B"
    del other["region"]
    other["new"] = 1
    other.save()
    late.set_expiry(100)
    assert late.modified
    late.save()
    assert now(stored)["token"] == "of project B"
    assert "region" not in now(stored)
    assert now(stored)["new"] == 1
    assert now(stored)["_session_expiry"] == 100


def test_what_this_request_changed_is_written(stored):
    late, other = tab(stored), tab(stored)
    other["token"] = "of project B"
    other.save()
    late["region"] = "two"
    late["mine"] = {"a": [1]}
    late.save()
    assert now(stored)["region"] == "two"
    assert now(stored)["mine"] == {"a": [1]}
    late = tab(stored)
    late["mine"]["a"].append(2)
    late.modified = True
    late.pop("region")
    late.save()
    assert now(stored)["mine"] == {"a": [1, 2]}
    assert "region" not in now(stored)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (["old", "mine"], ["old", "theirs"], ["old", "theirs", "mine"]),
        ([], ["old", "theirs"], ["theirs"]),
        (["mine"], [], ["mine"]),
        (["old"], ["old", "theirs"], ["old", "theirs"]),
        ([], [], []),
        (["old", "twice", "twice"], ["old"], ["old", "twice", "twice"]),
    ],
)
@pytest.mark.parametrize("key", [MESSAGES, SESSION_KEY])
def test_messages_of_all_tabs_are_kept(stored, key, ours, theirs, expected):
    """Removed once they are shown, by whichever of them."""

    def packed(items):
        return json.dumps(items) if key == MESSAGES else items

    def put(session, items):
        if items:
            session[key] = packed(items)
        else:
            session.pop(key, None)
        session.save()

    first = tab(stored)
    put(first, ["old"])
    late, other = tab(stored), tab(stored)
    put(other, theirs)
    put(late, ours)
    assert now(stored).get(key, packed([])) == packed(expected)


def test_what_another_request_adds_at_the_very_end_stays(stored):
    """Django asks whether there is something to write, and writes it later."""
    late, other = tab(stored), tab(stored)
    late[SESSION_KEY], other[SESSION_KEY] = ["mine"], ["theirs"]
    assert late.modified
    other.save()
    late.save()
    assert sorted(now(stored)[SESSION_KEY]) == ["mine", "theirs"]


def test_two_requests_that_end_together_are_both_written(stored, monkeypatch):
    """The second one begins to write when the first one has read, and before it has written."""
    late, other = tab(stored), tab(stored)
    late[SESSION_KEY], other[SESSION_KEY] = ["mine"], ["theirs"]
    merge = MergedSession._merge
    with ThreadPoolExecutor(1) as pool:
        writing = []

        def merge_slowly(session, current):
            if not writing:
                writing.append(pool.submit(other.save))
                wait([writing[0]], timeout=0.2)
            merge(session, current)

        monkeypatch.setattr(MergedSession, "_merge", merge_slowly)
        late.save()
        writing[0].result()
    assert now(stored)[SESSION_KEY] == ["mine", "theirs"]


def test_a_session_that_ends_while_it_is_written_is_not_brought_back(stored):
    late = tab(stored)
    late["mine"] = 1
    assert late.modified
    SessionStore(stored.session_key).delete()
    late.save()
    assert now(stored) == {}


def test_a_session_that_has_ended_is_not_written_and_its_cookie_not_sent(stored):
    late = tab(stored)
    late["mine"] = 1
    assert late.modified
    SessionStore(stored.session_key).delete()
    assert not late.modified
    assert late.session_key == stored.session_key


def test_nothing_is_written_that_was_not_changed(stored):
    late = tab(stored)
    assert not late.modified
    late["mine"] = 1
    late.modified = False
    assert not late.modified


def test_it_is_a_session_for_all_that_use_it(stored):
    session = tab(stored)
    assert session["token"] == "of project A"
    assert "token" in session
    assert "token" in list(session)
    assert session.get("nothing") is None
    assert set(session.keys()) == {"token", "region", MESSAGES}
    session.accessed = True
    assert session.accessed
    assert session.get_expiry_age() > 0


def test_a_new_session_is_made():
    session = MergedSession(SessionStore())
    session["a"] = 1
    assert session.modified
    session.save()
    assert SessionStore(session.session_key)["a"] == 1


def test_in_a_cookie_a_late_request_does_not_extend_it(settings, monkeypatch):
    """Its cookie would take the place of the one that the browser has now."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    times = iter([0, 1, 0, 10, 0, 10])
    monkeypatch.setattr(merged_session.time, "monotonic", lambda: next(times))
    cookie = CookieStore()
    cookie["token"] = "of project A"
    cookie.save()

    def asked():
        session = MergedSession(CookieStore(cookie.session_key))
        session.set_expiry(100)
        return session

    assert asked().modified
    assert not asked().modified
    changed = asked()
    changed["mine"] = 1
    assert changed.modified
    changed.save()
    assert CookieStore(changed.session_key)["mine"] == 1
