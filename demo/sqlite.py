# SPDX-License-Identifier: Apache-2.0
"""SQLite under services with many threads.

Their transactions begin by reading and go on to write. SQLite refuses that at
once ("database is locked") when another thread has written in between, however
long the timeout. So a transaction begins with its first statement that writes,
and takes the write lock there: writers queue, and what reads holds no lock.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

TIMEOUT_S = 30

#: One more connection to each database of this process, which nobody uses.
_held: dict[str, sqlite3.Connection] = {}


def url(database: Path) -> str:
    """The database's URL for SQLAlchemy."""
    return f"sqlite:///{database}?timeout={TIMEOUT_S}"


def use_write_ahead_log(database: Path) -> None:
    """Make a commit cheap. The file remembers it."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def queue_transactions() -> None:
    """Let transactions of this process begin when they first write, with the write lock.

    To be called before an engine is made: oslo.db then sees the transaction as
    begun and does not begin one that reads. A lock from the beginning on is too
    much: Keystone 27 leaves a transaction open that has only read.
    """
    event.listen(Engine, "begin", _begin_nothing)
    event.listen(Engine, "before_cursor_execute", _lock_to_write)


def _begin_nothing(connection: Connection) -> None:
    connection.info["in_transaction"] = True


def _lock_to_write(
    _connection: Connection, cursor: sqlite3.Cursor, statement: str, *_more: Any
) -> None:
    reads = statement.lstrip().upper().startswith(("SELECT", "PRAGMA"))
    if not reads and not cursor.connection.in_transaction:
        cursor.execute("BEGIN IMMEDIATE")


def hold_open() -> None:
    """Keep each database of this process open.

    A service opens it anew for each transaction. The last one that closes a database writes
    its whole log back and removes it, which takes longer than most transactions.
    """
    event.listen(Engine, "engine_connect", _hold_open)


def _hold_open(connection: Connection) -> None:
    database = connection.engine.url.database
    if database and database not in _held:
        _held[database] = sqlite3.connect(database, check_same_thread=False)
        _held[database].execute("SELECT count(*) FROM sqlite_master").fetchone()
