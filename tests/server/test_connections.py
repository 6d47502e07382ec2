"""A connection on which nothing comes, and two who write to Prefect's database at the same moment."""

import asyncio
import socket
from pathlib import Path

import pytest
import uvicorn
from prefect.server.database.configurations import AioSqliteConfiguration
from sqlalchemy import text
from starlette.types import Receive, Scope, Send

from server import taking_turns
from server.guard import impatient


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(0.5)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def test_who_sends_no_request_is_let_go_and_who_waits_for_an_answer_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impatient, "HEAD_SECONDS", 0.1)

    async def seen(*sent: bytes) -> list[bytes]:
        door = socket.create_server(("127.0.0.1", 0))
        made = uvicorn.Config(hello, http=impatient.Impatient, lifespan="off", log_level="critical")
        server = uvicorn.Server(made)
        serving = asyncio.create_task(server.serve(sockets=[door]))

        async def one(what: bytes) -> bytes:
            reader, writer = await asyncio.open_connection(*door.getsockname())
            writer.write(what)
            got = await asyncio.wait_for(reader.read(), 30)
            writer.close()
            return got

        got = await asyncio.gather(*(one(each) for each in sent))
        server.should_exit = True
        await serving
        return got

    whole = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    nothing, half, answered = asyncio.run(seen(b"", whole[:-4], whole))
    assert (nothing, half) == (b"", b"")
    assert answered.endswith(b"ok")


@pytest.mark.parametrize("takes_turns", [False, True])
def test_two_who_read_and_then_write_take_turns(
    takes_turns: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AioSqliteConfiguration, "begin_transaction", AioSqliteConfiguration.begin_transaction)
    if takes_turns:
        taking_turns.take_turns()

    async def written() -> list[str]:
        database = AioSqliteConfiguration(f"sqlite+aiosqlite:///{tmp_path}/runs.db")
        engine = await database.engine()
        async with engine.begin() as first:
            await first.execute(text("CREATE TABLE runs (n INTEGER)"))
        have_read = [asyncio.Event(), asyncio.Event()]

        async def one(number: int) -> str:
            async with await database.session(engine) as session, database.begin_transaction(session):
                await session.execute(text("SELECT count(*) FROM runs"))
                have_read[number].set()
                if not takes_turns:  # else the other one has not begun yet
                    await have_read[1 - number].wait()
                await session.execute(text("INSERT INTO runs VALUES (1)"))
            return "written"

        ended = await asyncio.gather(one(0), one(1), return_exceptions=True)
        await engine.dispose()
        return ["written" if each == "written" else "locked" for each in ended]

    assert sorted(asyncio.run(written())) == (["written", "written"] if takes_turns else ["locked", "written"])
