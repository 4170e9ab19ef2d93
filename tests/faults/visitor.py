"""Somebody at a browser without JavaScript: keeps cookies, fills in forms, says what came back and how long it took."""

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import NamedTuple

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"')


class Answer(NamedTuple):
    """What came back; `address` is where redirects led to."""

    status: int
    text: str
    headers: HTTPMessage
    seconds: float
    address: str


class Visitor:
    """One browser."""

    def __init__(self, address: str, **headers: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self._opener.addheaders = [(name.replace("_", "-"), value) for name, value in headers.items()]

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask(urllib.request.Request(self.address + path))  # noqa: S310

    def fill_in(self, path: str, **fields: str) -> Answer:
        """Open the page of a form, fill it in and send it; what the form carries unseen is sent with it."""
        return self.send(path, self.get(path), **fields)

    def send(self, path: str, page: Answer, **fields: str) -> Answer:
        """Send the form of a page that is open."""
        unseen = dict(HIDDEN.findall(page.text)) | {"csrfmiddlewaretoken": TOKEN.findall(page.text)[-1]}
        data = urllib.parse.urlencode(unseen | fields).encode()
        return self._ask(urllib.request.Request(self.address + path, data=data))  # noqa: S310

    def sign_in(self, email: str, password: str) -> Answer:
        """Send the sign-in form."""
        return self.fill_in("/accounts/login/", login=email, password=password)

    def _ask(self, request: urllib.request.Request) -> Answer:
        begun = time.monotonic()
        try:
            with self._opener.open(request, timeout=60) as answer:
                status, text, headers, address = answer.status, answer.read(), answer.headers, answer.url
        except urllib.error.HTTPError as refused:
            status, text, headers, address = refused.code, refused.read(), refused.headers, refused.url
        return Answer(status, text.decode(), headers, time.monotonic() - begun, address)
