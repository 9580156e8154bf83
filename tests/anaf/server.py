"""A real server on 127.0.0.1 that answers what a test tells it to, or fails to. It replays; it does not think."""

import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from punte.anaf.hosts import Hosts


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    port: int  # of the client: two requests from one port travelled on one connection


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    content_type: str = "application/xml"  # ANAF's lies; tests set it to lie too
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0  # seconds between reading the request and answering
    cut: int | None = None  # close after so many bytes of the body


class Anaf:
    """`answers` are given in turn, the last one for ever; "close" closes after reading the request."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.answers: list[Answer | str] = []
        self.close_on_accept = False
        anaf = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                anaf._handle(self)

            do_GET = do_POST = handle_one  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def verify_request(self, *_: object) -> bool:
                return not anaf.close_on_accept  # False: the connection is closed, nothing is read

            def handle_error(self, *_: object) -> None:
                pass  # a client that refuses our certificate, or gave up waiting

        self.server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        url = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.requests.append(
            Request(handler.command, url.path, query, dict(handler.headers), body, handler.client_address[1])
        )
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, str):
            handler.close_connection = True
            return
        time.sleep(answer.delay)
        handler.send_response(answer.status)
        for name, value in {"Content-Type": answer.content_type, **answer.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        handler.wfile.write(answer.body[: answer.cut])
        handler.close_connection = handler.close_connection or answer.cut is not None

    def answer(self, *answers: Answer | bytes | str) -> None:
        self.answers = [Answer(answer) if isinstance(answer, bytes) else answer for answer in answers]

    def hosts(self, **changes: object) -> Hosts:
        return Hosts(**{"login": self.base, "api": self.base, "public": self.base, "environment": "test", **changes})

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
