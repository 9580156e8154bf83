"""Carries TCP from one address to another: `python relay.py 127.0.0.1:8440 10.77.0.1:8440`, until it is ended.

A network namespace has a loopback of its own; this brings ANAF's simulator, which listens on 127.0.0.1, into it.
"""

from __future__ import annotations

import asyncio
import sys


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()


async def main(here: str, there: str) -> None:
    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*address(there))
        except OSError:
            writer.close()
            return
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))
        writer.close()
        far_writer.close()

    server = await asyncio.start_server(meet, *address(here))
    print("ready", flush=True)
    await server.serve_forever()


def address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
