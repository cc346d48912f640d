"""Contents for the sample kind."""

PIXELS = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38G"
    "IAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="
)
PARAGRAPH = (
    "<p>Die Mitarbeitenden der Beschäftigungsförderung – z.&nbsp;B. in Leipzig – treffen sich am "
    "2. Mai 2016. Verantwortungsbewusstsein und Nachhaltigkeit gehören zusammen, sagt die Gruppe "
    "„Zuwanderung als Potenzial nutzen“.</p>"
)


def small(**extra):
    return {"title": "Muster", "created": "2016-05-02", "text": "Ein kurzer Text.", **extra}


def full(*, chapters=3, paragraphs=2, **extra):
    return {
        "title": "Muster mit allen Bestandteilen",
        "author": "MfV",
        "description": "Alles, was eine Vorlage enthalten darf",
        "keywords": ["Leipzig", "Verantwortung"],
        "created": "2016-05-02",
        "modified": "2016-05-03",
        "picture": PIXELS,
        "chapters": [
            {"title": f"Kapitel {number}", "text": PARAGRAPH * paragraphs}
            for number in range(1, chapters + 1)
        ],
        **extra,
    }
