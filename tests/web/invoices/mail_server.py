"""A mail server of forty lines on a real socket (RFC 5321): it keeps what it takes and refuses whom it is told to."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes
from email.message import Message


class MailServer:
    """`with MailServer(refuses={"nobody@x.example": "550 5.1.1 no such user"}) as server: … server.taken`"""

    def __init__(self, refuses: dict[str, str] | None = None) -> None:
        self.refuses = refuses or {}
        self.taken: list[tuple[str, Message]] = []
        server = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("220 mail.example")
                to = ""
                while line := self.rfile.readline().decode().strip():
                    verb = line.upper()
                    if verb.startswith(("EHLO", "HELO", "MAIL", "RSET")):
                        self.say("250 ok")
                    elif verb.startswith("RCPT"):
                        to = line[line.index("<") + 1 : line.index(">")]
                        self.say(server.refuses.get(to, "250 ok"))
                    elif verb == "DATA":
                        self.say("354 go on")
                        lines = iter(self.rfile.readline, b".\r\n")
                        server.taken.append((to, message_from_bytes(b"".join(lines))))
                        self.say("250 taken")
                    elif verb == "QUIT":
                        self.say("221 bye")
                        return

            def say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        self.tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self.tcp.daemon_threads = True

    @property
    def port(self) -> int:
        return int(self.tcp.server_address[1])

    def __enter__(self) -> MailServer:
        threading.Thread(target=self.tcp.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.tcp.shutdown()
        self.tcp.server_close()
