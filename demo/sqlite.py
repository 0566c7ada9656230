# SPDX-License-Identifier: Apache-2.0
"""SQLite under services with many threads.

Their transactions begin by reading and go on to write. SQLite refuses that at
once ("database is locked") when another thread has written in between, however
long the timeout. When each transaction asks for the write lock as it begins,
they queue for it instead.
"""

import sqlite3
from pathlib import Path

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
    """Let every transaction of this process begin with the write lock.

    To be called before an engine is made: oslo.db then sees the transaction as
    begun and does not begin one that reads.
    """
    event.listen(Engine, "begin", _begin_immediate)


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


def _begin_immediate(connection: Connection) -> None:
    if "in_transaction" not in connection.info:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.info["in_transaction"] = True
