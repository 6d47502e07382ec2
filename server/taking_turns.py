"""Prefect's database in SQLite: who is going to write says so before reading, and waits for its turn.

Prefect begins most of its transactions as reading ones and lets them turn into writing ones. When somebody else wrote
in between, SQLite refuses that at once, however long it may wait: *database is locked*, which a page shows as 503 and
which loses what was asked. Begun as writing, a transaction waits for the one before it (Prefect lets it wait a minute).

Here: that one word. Not here: PostgreSQL, which knows nothing of it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prefect.server.database.configurations import AioSqliteConfiguration
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction

_as_asked = AioSqliteConfiguration.begin_transaction


@asynccontextmanager
async def _writing(
    self: AioSqliteConfiguration,
    session: AsyncSession,
    with_for_update: bool = False,  # noqa: ARG001
) -> AsyncIterator[AsyncSessionTransaction]:
    async with _as_asked(self, session, with_for_update=True) as transaction:
        yield transaction


def take_turns() -> None:
    """From here on, in this process."""
    AioSqliteConfiguration.begin_transaction = _writing
