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


def _begin_immediate(connection: Connection) -> None:
    if "in_transaction" not in connection.info:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.info["in_transaction"] = True
