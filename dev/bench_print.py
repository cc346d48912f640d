"""`python -m dev.bench_print`: what a guideline costs on paper, in processor time and memory.

Each size is printed twice in a process of its own, like in a print worker that is under way: the
first print warms up, the second is measured. Needs no database and no other service.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from typing import Any, NamedTuple

from dev.environment import ROOT

SENTENCE = (
    "Die Mitarbeitenden der Beschäftigungsförderung – z. B. in Leipzig – treffen sich am 2. Mai "
    "2016; Verantwortungsbewusstsein und Nachhaltigkeit gehören für sie zusammen. "
)
SIZES = (2, 11, 41)  # chapters: about 15, 80 and 300 pages


class Cost(NamedTuple):
    pages: int
    cpu: float  # seconds of the second print
    bare: float  # seconds of the same HTML without our style sheets
    base: float  # MiB before the first print, fonts and layout engine loaded
    peak: float  # MiB


def guideline(chapters: int) -> dict[str, Any]:
    """The frozen content of a made-up guideline with every common kind of block."""
    return {
        "title": "Gemischte Teams für schwierige Fragen der Stadt",
        "subtitle": "Wie Sie ein eigenes Projektteam gründen",
        "description": "Ein Leitfaden zum Messen",
        "author": "Metropolregion Mitteldeutschland",
        "keywords": ["Leitfaden"],
        "created": "2016-06-01",
        "language": "de",
        "is_draft": False,
        "accent": "#00507d",
        "programme": "Mitarbeiter für Verantwortung",
        "carrier": "Metropolregion Mitteldeutschland",
        "edition": "1. Auflage, Juni 2016",
        "imprint": f"<p>{SENTENCE}</p>",
        "funding": [SENTENCE],
        "website": "https://www.example.org/",
        "figures": [],
        "chapters": [_chapter(number) for number in range(1, chapters + 1)],
    }


def _chapter(number: int) -> dict[str, Any]:
    texts = f"<p>{SENTENCE * 4}</p><p>{SENTENCE * 3}</p><ul><li><p>{SENTENCE}</p></li></ul>"
    points = [f"Punkt {point}: Raum, Verpflegung und Einladungen" for point in range(10)]
    terms = [{"term": f"Begriff{number}{letter}", "meaning": SENTENCE} for letter in "abcdefgh"]
    facts = {"purpose": "Sichten sammeln", "duration": "90 Minuten", "group": "20 Personen"}
    figures = [
        {"label": "Teilnehmende", "value": str(count), "unit": "", "source": "Presse", "date": ""}
        for count in range(6)
    ]
    workshop = {
        "number": number, "title": f"Werkstatt {number}", "date": "9. Oktober 2015", "time": "",
        "venue": "Leipzig", "moderation": "", "goal": f"<p>{SENTENCE}</p>",
        "agenda": f"<ul>{f'<li><p>{SENTENCE}</p></li>' * 4}</ul>", "results": f"<p>{SENTENCE}</p>",
        "guests": [{"name": "Gast", "contribution": SENTENCE}] * 3, "tasks": [SENTENCE] * 2,
    }  # fmt: skip
    blocks: list[dict[str, Any]] = [
        {"kind": "text", "heading": "Worum es geht", "html": texts},
        {
            "kind": "steps",
            "heading": "Schritte",
            "html": "",
            "steps": [
                {"number": step, "title": f"Schritt {step}", "text": SENTENCE, "decision": "Ja?"}
                for step in range(1, 6)
            ],
        },
        {"kind": "checklist", "heading": "Vor dem Start", "html": "", "points": points},
        {
            "kind": "table",
            "heading": "Aufwand",
            "html": "",
            "caption": "Stunden je Rolle",
            "head": ["Rolle", "Stunden", "Anmerkung"],
            "rows": [[f"Rolle {row}", str(row), SENTENCE] for row in range(12)],
        },
        {"kind": "tip", "heading": "Früh einladen", "html": f"<p>{SENTENCE}</p>"},
        *[
            {"kind": "method", "heading": f"Methode {number}{letter}", "html": texts, **facts}
            for letter in "abcd"
        ],
        {"kind": "figures", "heading": "Zahlen", "html": "", "entries": figures},
        {"kind": "workshop", "heading": "", "html": "", **workshop},
        {"kind": "glossary", "heading": "Begriffe", "html": "", "terms": terms},
        {"kind": "text", "heading": "Und dann", "html": texts * 2},
    ]
    return {
        "id": f"k{number}",
        "part": "main",
        "label": str(number),
        "title": f"Kapitel {number}",
        "starts_page": True,
        "blocks": [{"id": f"k{number}-b{at}", **block} for at, block in enumerate(blocks, 1)],
    }


def cost(chapters: int) -> Cost:
    """Print in a fresh process."""
    environment = {
        "DATABASE_URL": "postgres://nobody@localhost/none",
        "REDIS_URL": "redis://localhost/0",
        "SECRET_KEY": "only-for-measuring",
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mfv_portal.settings",
    }
    answer = subprocess.run(
        [sys.executable, "-m", "dev.bench_print", "--chapters", str(chapters)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Cost(**json.loads(answer.stdout))


def measure(chapters: int) -> Cost:
    import django  # noqa: PLC0415  # only the measured process is a Django process

    django.setup()
    from documents.kinds import get_kind  # noqa: PLC0415
    from documents.markup import document_html  # noqa: PLC0415
    from documents.rendering import pdf_from_html, warm_up  # noqa: PLC0415

    warm_up()
    base = _memory()
    kind = get_kind("guideline")

    def printed() -> tuple[int, float]:
        begin = time.process_time()
        html = document_html(kind, guideline(chapters), language="de")
        pages = pdf_from_html(html).page_count
        return pages, time.process_time() - begin

    printed()
    peak = _memory()
    pages, seconds = printed()
    html = document_html(kind, guideline(chapters), language="de")
    plain = html.replace('<link rel="stylesheet" href="static:pdf/guideline.css">', "")
    begin = time.process_time()
    pdf_from_html(plain)
    return Cost(pages, seconds, time.process_time() - begin, base, peak)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m dev.bench_print", description=__doc__)
    parser.add_argument("--chapters", type=int, help="measure one size in this process, as JSON")
    chapters = parser.parse_args().chapters
    if chapters:
        print(json.dumps(measure(chapters)._asdict()))
        return
    found = [cost(size) for size in SIZES]
    print("Seiten  CPU s  s/Seite  nur base.css s/Seite  MiB  MiB − (Grund + 1,3/Seite)")
    for item in found:
        room = item.peak - item.base - 1.3 * item.pages
        print(
            f"{item.pages:6}  {item.cpu:5.1f}  {item.cpu / item.pages:7.3f}"
            f"  {item.bare / item.pages:20.3f}  {item.peak:3.0f}  {room:+.0f}"
        )
    middle, large = found[-2:]
    growth = (large.cpu / middle.cpu) / (large.pages / middle.pages)
    print(f"Wachstum t({large.pages})/t({middle.pages}) je Seite: {growth:.2f}")


if __name__ == "__main__":
    main()
