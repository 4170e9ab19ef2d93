"""A mail server that takes everything, counts it, and can be told to keep the sender waiting for its answer."""

import re
import socketserver
import threading
from collections import Counter

MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE | re.IGNORECASE)
LONGEST_SECONDS = 60


class PostOffice(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a sender needs to hear."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.taken: Counter[str] = Counter()
        self.arrived, self.may_answer = threading.Semaphore(0), threading.Event()
        self.may_answer.set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """What EMAIL_URL says."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def take(self, letter: bytes) -> None:
        """Keep a letter; its sender hears of it when it may."""
        found = MESSAGE_ID.search(letter)
        assert found is not None
        self.taken[found[1].decode()] += 1
        self.arrived.release()
        self.may_answer.wait(LONGEST_SECONDS)

    def wait_for_letter(self) -> None:
        """Wait until one more has come."""
        assert self.arrived.acquire(timeout=LONGEST_SECONDS), "no e-mail came"


class Visit(socketserver.StreamRequestHandler):
    """One sender."""

    server: PostOffice

    def handle(self) -> None:
        """Say yes to everything."""
        self._say(b"220 here")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._say(b"354 go on")
                self.server.take(b"".join(iter(self.rfile.readline, b".\r\n")))
            self._say(b"221 bye" if word == b"QUIT" else b"250 yes")

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
