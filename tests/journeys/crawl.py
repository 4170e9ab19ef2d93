"""Which pages a person can reach by following links from Today, without a browser."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

from django.urls import Resolver404, resolve

from tests.journeys.site import PASSWORD, Site, email

# Enough of each kind of page to meet its shapes, and every grant: its page decides which forms it offers.
MOST_OF_A_KIND = {"grant": 120, "flag": 20}
OTHERWISE = 4

HREF = re.compile(r'<a\b[^>]*?\shref="([^"]+)"', re.DOTALL)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Reader:
    """A signed-in person who reads pages over HTTP."""

    def __init__(self, site: Site, who: str | None, register: str = "illustrative") -> None:
        self.site = site
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        if who is not None:
            page = self.send("/accounts/login/", login=email(who), password=PASSWORD)
            assert "Sign out" in page, f"{who} cannot sign in"
            if register != "illustrative":
                self.send("/register/", token_from="/", register=register)

    def send(self, path: str, *, token_from: str = "", **entries: str) -> str:
        """Send a form and answer with the page that it leads to; the token is taken from a page that has the form."""
        _, form = self.get(token_from or path)
        token = TOKEN.search(form)
        assert token, f"no form at {token_from or path}"
        status, page = self.get(path, urlencode({"csrfmiddlewaretoken": token[1], **entries}).encode())
        assert status == 200, f"{path} leads to a page that answers {status}"
        return page

    def get(self, path: str, data: bytes | None = None) -> tuple[int, str]:
        """Status and page; an empty page for anything that is not HTML."""
        try:
            with self.opener.open(urljoin(self.site.url, path), data, timeout=60) as response:
                kind = response.headers.get_content_type()
                return response.status, response.read().decode() if kind == "text/html" else ""
        except HTTPError as refused:
            return refused.code, ""


class Found:
    """The addresses reached, by the name of their page, and the links that led to a refusal."""

    def __init__(self) -> None:
        self.addresses: dict[str, list[str]] = defaultdict(list)
        self.broken: list[str] = []

    def sample(self, wanted: dict[str, int]) -> Iterator[str]:
        """Some addresses of each page, spread over those found: one of each unless `wanted` says more."""
        for name, addresses in sorted(self.addresses.items()):
            count = min(wanted.get(name, 1), len(addresses))
            step = len(addresses) / count
            yield from (addresses[int(place * step)] for place in range(count))


def page_name(path: str) -> str | None:
    """The name of the page at an address, or None for what is no page of the product."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None


def crawl(
    site: Site, who: str | None, start: Iterable[str] = ("/",), register: str = "illustrative"
) -> Found:
    """Follow every link from `start`, a few of each kind of page, and at most one filtered or sorted state of each."""
    reader, found = Reader(site, who, register), Found()
    seen: set[str] = set()
    queue = deque((path, "") for path in start)
    while queue:
        path, came_from = queue.popleft()
        if path in seen or not _wanted(path, found):
            continue
        seen.add(path)
        status, page = reader.get(path)
        if status != 200:
            found.broken.append(f"{came_from} -> {path}: {status}")
        elif page:
            found.addresses[_kind(path)].append(path)
            queue.extend((link, path) for link in _links(page, path))
    return found


def _kind(path: str) -> str:
    name = page_name(path) or path
    return f"{name}?" if urlsplit(path).query else name


def _wanted(path: str, found: Found) -> bool:
    kind = _kind(path)
    most = 1 if kind.endswith("?") else MOST_OF_A_KIND.get(kind, OTHERWISE)
    return len(found.addresses.get(kind, ())) < most


def _links(page: str, path: str) -> Iterator[str]:
    for href in HREF.findall(page):
        target = urlsplit(urljoin(path, unescape(href)))
        if not target.scheme and not target.netloc and not unescape(href).startswith("#"):
            yield target.path + (f"?{target.query}" if target.query else "")
