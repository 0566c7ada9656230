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

from sqlalchemy import event, pool
from sqlalchemy.engine import Connection, Engine

TIMEOUT_S = 30


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


class _KeptConnections(pool.QueuePool):
    """As many connections as there are threads that want one at a time."""

    def __init__(self, creator: Any, **arguments: Any) -> None:
        super().__init__(creator, **{**arguments, "pool_size": 32, "max_overflow": -1})


class _Pools:
    """SQLAlchemy's pools as oslo.db sees them."""

    NullPool = _KeptConnections

    def __getattr__(self, name: str) -> Any:
        return getattr(pool, name)


def keep_connections() -> None:
    """Use the connections of this process to a database again.

    oslo.db opens the file anew for each transaction, and reads its schema: that is a quarter of
    the time of a small request. The last one that closes a database even writes its whole log
    back and removes it.
    """
    # Only a service has to load it.
    from oslo_db.sqlalchemy import engines

    engines.pool = _Pools()
