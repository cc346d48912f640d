"""Fetch every page that a visitor without an account can reach, and say what came back."""

import html.parser
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

LIMIT = 500
TIMEOUT_SECONDS = 60
# A proxy of the environment knows nothing of this machine's own port.
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Seen:
    path: str
    status: int
    kind: str
    size: int
    seconds: float
    found_on: str


class Links(html.parser.HTMLParser):
    """Collects what a page links to or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"a": "href", "link": "href", "script": "src", "img": "src", "source": "src"}
        name = wanted.get(tag)
        self.found += [value for key, value in attrs if key == name and value]


def crawl(base: str) -> list[Seen]:
    """Follow every link from the start pages in both languages, staying on the host."""
    host = urlsplit(base).netloc
    waiting = {f"{base}{path}": "" for path in ("/", "/en/", "/sitemap.xml", "/robots.txt")}
    seen: dict[str, Seen] = {}
    while waiting and len(seen) < LIMIT:
        address = next(iter(waiting))
        found_on = waiting.pop(address)
        answer, body = fetch(address, found_on)
        seen[address] = answer
        if answer.status != 200:
            continue
        for link in links(answer.kind, body):
            target = urldefrag(urljoin(address, link)).url
            parts = urlsplit(target)
            if parts.scheme not in {"http", "https"} or target in seen or target in waiting:
                continue
            # The sitemap names the portal's public address; the host differs, the path counts.
            if parts.netloc == host or answer.path == "/sitemap.xml":
                own = f"{base}{parts.path}" + (f"?{parts.query}" if parts.query else "")
                if own not in seen:
                    waiting.setdefault(own, answer.path)
    return list(seen.values())


def fetch(address: str, found_on: str) -> tuple[Seen, bytes]:
    begin = time.monotonic()
    request = urllib.request.Request(address, headers={"Accept": "text/html,*/*"})
    try:
        with DIRECTLY.open(request, timeout=TIMEOUT_SECONDS) as response:
            body, status = response.read(), response.status
            kind = response.headers.get_content_type()
    except urllib.error.HTTPError as error:
        body, status, kind = b"", error.code, error.headers.get_content_type()
    except OSError as error:
        body, status, kind = b"", 0, str(error)
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return Seen(path, status, kind, len(body), time.monotonic() - begin, found_on), body


def links(kind: str, body: bytes) -> list[str]:
    text = body.decode(errors="replace")
    if kind == "text/html":
        parser = Links()
        parser.feed(text)
        return parser.found
    if kind in {"application/xml", "text/xml"}:
        return [part.partition("</loc>")[0] for part in text.split("<loc>")[1:]]
    return []


def table(pages: list[Seen]) -> str:
    lines = [f"{'Antwort':>7}  {'kB':>7}  {'ms':>6}  Adresse"]
    lines += [
        f"{page.status:>7}  {page.size / 1024:>7.1f}  {page.seconds * 1000:>6.0f}  {page.path}"
        + (f"   (verlinkt auf {page.found_on})" if page.status != 200 else "")
        for page in sorted(pages, key=lambda page: page.path)
    ]
    return "\n".join(lines)
