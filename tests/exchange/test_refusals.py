"""Every class of mistake in a file, with the exact place that the refusal names."""

import io
import json
import struct
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from exchange.files import ExchangeFile, archive_bytes, parse_file, parse_json
from exchange.operations import import_programme
from exchange.problems import ImportRefused
from tests.exchange.conftest import count

pytestmark = pytest.mark.django_db


def refusal_of_bytes(content):
    with pytest.raises(ImportRefused) as refusal:
        import_programme(parse_file(content), by=None)
    assert set(count("stadtlabor").values()) == {0}
    return [str(problem) for problem in refusal.value.problems]


def refusal(data, files=None):
    with pytest.raises(ImportRefused) as refused:
        import_programme(ExchangeFile(data, files or {}), by=None)
    assert set(count("stadtlabor").values()) == {0}
    return {problem.path: problem.sentence for problem in refused.value.problems}


def at(data, path):
    """The object that a path leads to, and the last name."""
    *steps, last = path
    for step in steps:
        data = data[step]
    return data, last


# As bytes


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Das ist kein gültiges JSON: Zeile 1, Spalte 1."),
        (b'{"format": ', "Das ist kein gültiges JSON: Zeile 1, Spalte 12."),
        (b"\xff\xfe\x00", "Die Datei ist kein Text in UTF-8."),
        (b"[]", "Hier wird ein JSON-Objekt erwartet, das mit { beginnt."),
        (b'{"a": NaN}', "Das ist kein gültiges JSON: Eine Zahl ist keine."),
        (b'{"a": ' + b"9" * 5000 + b"}", "Das ist kein gültiges JSON: Eine Zahl ist keine."),
        (b"[" * 100_000, "Die Angaben sind zu tief verschachtelt."),
        (
            b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}",
            "Die Angaben sind zu tief verschachtelt.",
        ),
        (b'{"a": {"b": 1, "b": 2}}', "a.b: Dieses Feld steht hier zweimal."),
        (b'{"a": ["x\\u0000"]}', "a[0]: Der Text enthält das Zeichen NUL."),
        (b'{"a": "\\ud800"}', "a: Der Text enthält ein halbes Zeichen (Surrogat)."),
        (
            b'{"a": {"' + b"x" * 201 + b'": 1}}',
            "Der Name eines Feldes hat mehr als 200 Zeichen.",
        ),
        (b"{}", "format: Hier muss „mfv-portal/programme“ stehen."),
        (
            b'{"format": "mfv-portal/programme", "version": 2}',
            "version: Dieses Portal liest Fassung 1 des Formats.",
        ),
        (
            b'{"format": "mfv-portal/programme", "version": true}',
            "version: Dieses Portal liest Fassung 1 des Formats.",
        ),
    ],
)
def test_what_is_no_exchange_file_is_refused(content, sentence):
    assert refusal_of_bytes(content) == [sentence]


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("exchange.files.MAX_JSON", 100)

    assert refusal_of_bytes(b"{" + b" " * 100 + b"}") == ["Die Datei ist größer als 0 MB."]


def test_places_cost_nothing_where_nothing_is_wrong():
    names = "".join(f'{{"{"x" * 200}": ' for _level in range(30))
    content = f'{{"a": {names}[{"0," * 100_000}"\\u0000"]{"}" * 31}'.encode()
    tracemalloc.start()

    with pytest.raises(ImportRefused) as refused:
        parse_json(content)

    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()
    [problem] = refused.value.problems
    assert problem.path == "a" + f".{'x' * 200}" * 30 + "[100000]"


def test_the_list_of_problems_ends():
    many = ",".join(['"\\u0000"'] * 5_000)

    problems = refusal_of_bytes(f'{{"a": [{many}]}}'.encode())

    assert len(problems) == 1_001
    assert problems[999] == "a[4000]: Der Text enthält das Zeichen NUL."
    assert problems[1000] == "Hier endet die Liste: Es sind mehr als 999 Fehler."


def test_names_full_of_dots_are_only_names():
    branch = "".join(f'{{"{"." * 200}": ' for _level in range(30)) + '"\\u0000"' + "}" * 30
    content = f'{{"a": [{",".join([branch] * 20)}]}}'.encode()
    tracemalloc.start()

    with pytest.raises(ImportRefused):
        parse_json(content)

    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_byte_order_mark_is_no_obstacle(sample):
    content = b"\xef\xbb\xbf" + json.dumps(sample).encode()

    assert import_programme(parse_file(content), by=None)


# Shape and values


@pytest.mark.parametrize(
    ("path", "value", "place", "sentence"),
    [
        (["title"], None, "title", "Hier wird erwartet: ein Text."),
        (["title"], "", "title", "Dieser Text fehlt."),
        (["title"], "x" * 151, "title", "Der Text hat 151 Zeichen; erlaubt sind 150."),
        (["titel"], "x", "titel", "Dieses Feld gibt es hier nicht. Meinten Sie „title“?"),
        (["is_public"], "ja", "is_public", "Hier wird erwartet: true oder false."),
        (["accent_colour"], "blau", "accent_colour", "Bitte wie #00507d schreiben."),
        (["website"], "keine", "website", "Bitte eine gültige Adresse eingeben."),
        (["guidelines"], {}, "guidelines", "Hier wird erwartet: eine Liste."),
        (["guidelines", 0], 7, "guidelines[0]", "Hier wird erwartet: ein Objekt."),
        (
            ["runs", 0, "status"],
            "runing",
            "runs[0].status",
            "„runing“ ist hier nicht möglich; möglich sind: planned, running, completed, "
            "archived, cancelled. Meinten Sie „running“?",
        ),
        (
            ["runs", 0, "workshops", 0, "held_on"],
            "2016-02-30",
            "runs[0].workshops[0].held_on",
            "Das Datum „2016-02-30“ gibt es nicht.",
        ),
        (
            ["runs", 0, "workshops", 0, "held_on"],
            "2016-04/2016-01",
            "runs[0].workshops[0].held_on",
            "Das Datum „2016-04/2016-01“ gibt es nicht.",
        ),
        (
            ["runs", 0, "workshops", 0, "held_on"],
            "29.4.2016",
            "runs[0].workshops[0].held_on",
            "„29.4.2016“ passt nicht. Erwartet wird: 2016-04-29, 2016-04, 2016, 2015-10/2016-04.",
        ),
        (
            ["runs", 0, "workshops", 0, "begins_at"],
            "25:00",
            "runs[0].workshops[0].begins_at",
            "Die Uhrzeit „25:00“ gibt es nicht.",
        ),
        (
            ["runs", 0, "workshops", 0, "number"],
            1.0,
            "runs[0].workshops[0].number",
            "Hier wird erwartet: eine ganze Zahl.",
        ),
        (
            ["runs", 0, "workshops", 0, "number"],
            40_000,
            "runs[0].workshops[0].number",
            "Die Zahl muss zwischen 0 und 32767 liegen.",
        ),
        (
            ["runs", 0, "workshops", 1, "key"],
            "zu früh",
            "runs[0].workshops[1].key",
            "„zu früh“ passt nicht. Erwartet wird: a-z, A-Z, 0-9, -, _.",
        ),
        (
            ["runs", 0, "workshops", 1, "key"],
            "auftakt",
            "runs[0].workshops[1].key",
            "„auftakt“ gibt es schon in runs[0].workshops[0].",
        ),
        (
            ["runs", 0, "workshops", 1, "number"],
            1,
            "runs[0].workshops[1].number",
            "Das gibt es nur einmal, und es steht schon in runs[0].workshops[0].",
        ),
        (
            ["persons", 0, "consents", 0, "given_at"],
            "2025-09-01T10:00:00",
            "persons[0].consents[0].given_at",
            "„2025-09-01T10:00:00“ passt nicht. Erwartet wird: 2016-05-02T10:00:00+02:00, "
            "2016-05-02.",
        ),
        (
            ["persons", 0, "consents", 0, "given_at"],
            "0001-01-01T00:00:00+14:00",
            "persons[0].consents[0].given_at",
            "Das Datum „0001-01-01T00:00:00+14:00“ gibt es nicht.",
        ),
        (
            ["persons", 0, "consents", 0, "withdrawn_at"],
            "2025-08-01",
            "persons[0].consents[0]",
            "Der Widerruf liegt vor der Einwilligung.",
        ),
        (
            ["carrier"],
            "verien",
            "carrier",
            "„verien“ gibt es nicht unter organisations. Meinten Sie „verein“?",
        ),
        (
            ["runs", 0, "participations", 0, "position"],
            "leitung",
            "runs[0].participations[0].position",
            "„leitung“ gibt es nicht unter persons[0].positions.",
        ),
        (
            ["guidelines", 0, "chapters", 0, "blocks", 2, "workshop"],
            "auftakt",
            "guidelines[0].chapters[0].blocks[2].workshop",
            "„auftakt“ gibt es nicht unter runs[…].workshops (durchlauf/key). "
            "Meinten Sie „2025/auftakt“?",
        ),
        (
            ["runs", 0, "concepts"],
            [{"slug": "k", "title": "K", "authors": [{"person": "erica", "name": "Erika"}]}],
            "runs[0].concepts[0].authors[0].person",
            "„erica“ gibt es nicht unter persons. Meinten Sie „erika“?",
        ),
        (
            ["press_releases", 0, "contacts", 0],
            "niemand",
            "press_releases[0].contacts[0]",
            "„niemand“ gibt es nicht unter press_contacts.",
        ),
        (
            ["press_releases", 0, "boilerplates", 0],
            "uber",
            "press_releases[0].boilerplates[0]",
            "„uber“ gibt es nicht unter boilerplates. Meinten Sie „ueber“?",
        ),
        (
            ["press_releases", 0, "status"],
            "published",
            "press_releases[0]",
            "Eine veröffentlichte Mitteilung braucht published_at und dated_on.",
        ),
        (
            ["press_releases", 0, "blocks", 1, "kind"],
            "text",
            "press_releases[0].blocks[1]",
            "Bitte wählen Sie, was zur Art des Abschnitts gehört.",
        ),
        (
            ["quotes", 1, "text_after"],
            "",
            "quotes[1]",
            "Steht die Zuschreibung dazwischen, braucht das Zitat zwei Teile, sonst einen.",
        ),
        (
            ["press_releases", 0, "blocks", 0, "text"],
            '<p onclick="x">Text <img src="x"></p>',
            "press_releases[0].blocks[0].text",
            "Das würde beim Einlesen entfernt: <p onclick>, <img>.",
        ),
        (
            ["press_releases", 0, "blocks", 0, "text"],
            '<a href="javascript:x">Text</a>',
            "press_releases[0].blocks[0].text",
            'Das würde beim Einlesen entfernt: <a href="javascript:x">.',
        ),
        (
            ["press_releases", 0, "blocks", 0, "text"],
            "<ul><li>" * 10_000,
            "press_releases[0].blocks[0].text",
            "Der Text ist zu tief verschachtelt: Listen, Tabellen und Auszeichnungen stehen "
            "höchstens 30 Ebenen tief ineinander, und jede wird geschlossen.",
        ),
        (
            ["press_releases", 0, "blocks", 0, "text"],
            "<p>Text</p><td>verloren</td>",
            "press_releases[0].blocks[0].text",
            "Das HTML ist nicht in Ordnung (<td>); beim Einlesen ginge etwas verloren.",
        ),
        (
            ["runs", 0, "workshops", 0, "ends_at"],
            "08:00",
            "runs[0].workshops[0].ends_at",
            "Das Ende liegt vor dem Beginn. Bitte tauschen Sie die beiden.",
        ),
        (
            ["press_releases", 0, "lead"],
            "Es sind {angabe:teilnehmer}.",
            "press_releases[0].lead",
            "Zu diesem Platzhalter ist nichts gespeichert: {angabe:teilnehmer}. "
            "Gemeint ist vielleicht: {angabe:teilnehmende}.",
        ),
        (
            ["guidelines", 0, "chapters", 0, "blocks", 1, "data"],
            ["gut", "{nichts}"],
            "guidelines[0].chapters[0].blocks[1].data[1]",
            "Zu diesem Platzhalter ist nichts gespeichert: {nichts}.",
        ),
        (
            ["guidelines", 0, "chapters", 0, "blocks", 1, "data"],
            ["gut", 7],
            "guidelines[0].chapters[0].blocks[1].data[1]",
            "Hier wird erwartet: ein Text.",
        ),
        (
            ["guidelines", 0, "chapters", 0, "blocks", 0, "data"],
            ["Text hat keine Angaben"],
            "guidelines[0].chapters[0].blocks[0].data",
            "Blöcke dieser Art haben keine Angaben.",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(sample, path, value, place, sentence):
    parent, last = at(sample, path)
    if isinstance(parent, list) and last == len(parent):
        parent.append(value)
    else:
        parent[last] = value

    assert refusal(sample) == {place: sentence}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (["title"], "title"),
        (["slug"], "slug"),
        (["runs", 0, "topic"], "runs[0].topic"),
        (
            ["runs", 0, "teams", 0, "members", 0, "participation"],
            "runs[0].teams[0].members[0].participation",
        ),
        (["quotes", 0, "phrase"], "quotes[0].phrase"),
        (["persons", 0, "consents", 0, "purpose"], "persons[0].consents[0].purpose"),
    ],
)
def test_what_is_missing_is_named(sample, path, place):
    parent, last = at(sample, path)
    del parent[last]

    assert refusal(sample)[place] == "Dieses Feld fehlt."


def test_every_mistake_is_named_at_once(sample):
    sample["titel"] = "x"
    sample["carrier"] = "nirgends"
    sample["runs"][0]["workshops"][1]["held_on"] = "2016-13"
    sample["runs"][0]["workshops"][2]["goal"] = "<script>x</script>"
    sample["persons"][0]["consents"][0]["withdrawn_at"] = "2001-01-01"
    del sample["quotes"][0]["text"]

    assert sorted(refusal(sample)) == [
        "carrier",
        "persons[0].consents[0]",
        "quotes[0].text",
        "runs[0].workshops[1].held_on",
        "runs[0].workshops[2].goal",
        "titel",
    ]


def test_an_invitation_that_is_out_cannot_be_imported(sample):
    sample["runs"][0]["participations"][0]["invitation"] = {
        "email": "a@example.org",
        "status": "sent",
    }

    assert list(refusal(sample)) == ["runs[0].participations[0].invitation.status"]


def test_frozen_texts_of_a_revision_pass_the_same_allow_list(sample):
    sample["runs"][0]["concepts"] = [
        {
            "slug": "idee",
            "title": "Idee",
            "revisions": [
                {
                    "number": 1,
                    "created_at": "2025-12-01",
                    "content": {
                        "problem": "<script>x</script>",
                        "blocks": [{"description": "<b>x</b>"}],
                    },
                }
            ],
        }
    ]

    assert sorted(refusal(sample)) == [
        "runs[0].concepts[0].revisions[0].content.blocks[0].description",
        "runs[0].concepts[0].revisions[0].content.problem",
    ]


# Archives


def with_file(sample, content=b"Notiz", **more):
    entry = {"file": "notiz.txt", "name": "Notiz.txt", **more}
    sample["runs"][0]["workshops"][0]["tasks"][0]["outputs"][0]["attachments"] = [entry]
    return archive_bytes(ExchangeFile(sample, {"notiz.txt": content}))


ATTACHMENT = "runs[0].workshops[0].tasks[0].outputs[0].attachments[0]"


def test_an_archive_brings_its_files(sample):
    content = with_file(sample)

    import_programme(parse_file(content), by=None)

    assert not import_programme(parse_file(content), by=None)


@pytest.mark.parametrize(
    ("more", "content", "expected"),
    [
        (
            {"sha256": "0" * 64},
            b"Notiz",
            f"{ATTACHMENT}.sha256: Das stimmt nicht mit der Datei überein",
        ),
        ({"size": 6}, b"Notiz", f"{ATTACHMENT}.size: Das stimmt nicht mit der Datei überein"),
        (
            {"media_type": "text/html"},
            b"Notiz",
            f"{ATTACHMENT}.media_type: Das stimmt nicht mit der Datei überein",
        ),
        (
            {"name": "../x.txt"},
            b"Notiz",
            f"{ATTACHMENT}.name: Der Dateiname müsste „x.txt“ lauten.",
        ),
        ({"name": "x.exe"}, b"MZ", f"{ATTACHMENT}.file: „x.exe“ hat ein Format, das hier nicht"),
        ({"name": "x.pdf"}, b"Notiz", f"{ATTACHMENT}.file: „x.pdf“ ist keine PDF-Datei"),
    ],
)
def test_a_file_must_be_what_it_says(sample, more, content, expected):
    [problem] = refusal_of_bytes(with_file(sample, content, **more))

    assert problem.startswith(expected)


def test_a_file_without_its_archive_is_missed(sample):
    with_file(sample)

    assert refusal(sample) == {f"{ATTACHMENT}.file": "Die Datei „notiz.txt“ liegt nicht im ZIP."}


def test_a_file_that_nothing_names_is_refused(sample):
    assert refusal(sample, {"fremd.txt": b"x"}) == {
        "fremd.txt": "Diese Datei im ZIP wird nirgends genannt."
    }


def archive(entries, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries:
            written.writestr(zipfile.ZipInfo(name) if options.get("plain") else name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../weg.txt", "So darf eine Datei im ZIP nicht heißen."),
        ("/etc/weg.txt", "So darf eine Datei im ZIP nicht heißen."),
        ("a/../../weg.txt", "So darf eine Datei im ZIP nicht heißen."),
        ("C:weg.txt", "So darf eine Datei im ZIP nicht heißen."),
        ("a\\weg.txt", "So darf eine Datei im ZIP nicht heißen."),
    ],
)
def test_names_that_lead_out_of_the_archive_are_refused(name, sentence):
    content = archive([("programme.json", "{}"), (name, "x")], plain=True)

    assert refusal_of_bytes(content) == [f"{name}: {sentence}"]


def test_an_archive_without_the_programme_is_refused():
    assert refusal_of_bytes(archive([("a.txt", "x")])) == [
        "programme.json: Diese Datei fehlt im ZIP."
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_in_the_archive_is_refused():
    content = archive([("programme.json", "{}"), ("a.txt", "x"), ("a.txt", "y")])

    assert refusal_of_bytes(content) == ["a.txt: Die Datei steht zweimal im ZIP."]


def test_a_bomb_is_not_unpacked(sample, settings, monkeypatch):
    settings.UPLOAD_MAX_BYTES = 2 * 1024 * 1024
    content = with_file(sample, b"0" * 50_000_000)
    assert len(content) < 200_000

    assert refusal_of_bytes(content) == ["notiz.txt: Die Datei ist größer als 2 MB."]

    settings.UPLOAD_MAX_BYTES = 100 * 1024 * 1024
    monkeypatch.setattr("exchange.files.MAX_UNPACKED", 10_000_000)
    assert refusal_of_bytes(content) == ["Das ZIP wird beim Entpacken zu groß."]


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr("exchange.files.MAX_FILES", 2)
    content = archive([("programme.json", "{}"), ("a", "x"), ("b", "x")])

    assert refusal_of_bytes(content) == ["Das ZIP enthält mehr als 2 Dateien."]


@pytest.mark.parametrize("cut", [5, 40, 400])
def test_a_damaged_archive_is_refused(sample, cut):
    content = with_file(sample)

    assert refusal_of_bytes(content[:-cut]) == ["Das ZIP ist beschädigt."]


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace("ä.txt".encode(), b"\xff\xff.txt"),
        lambda content: with_end(content, size=0xFFFF_FFF0),
        lambda content: with_end(content, offset=0xFFFF_FFF0),
        lambda content: with_end(content, offset=0),
    ],
    ids=["name not in UTF-8", "size", "offset", "offset of nothing"],
)
def test_an_archive_whose_directory_makes_no_sense_is_refused(change):
    content = archive([("programme.json", "{}"), ("ä.txt", "x")])

    assert refusal_of_bytes(change(content)) == ["Das ZIP ist beschädigt."]


def with_end(content, **values):
    """The archive with another end record."""
    end = content.rindex(b"PK\x05\x06")
    size, offset = struct.unpack_from("<LL", content, end + 12)
    found = {"size": size, "offset": offset, **values}
    return content[: end + 12] + struct.pack("<LLH", found["size"], found["offset"], 0)


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 255)), min_size=1, max_size=4))
@hypothesis_settings(max_examples=300, deadline=None)
def test_an_archive_with_wrong_bytes_at_its_end_is_refused_or_read(changes):
    content = bytearray(archive([("programme.json", '{"a": 1}'), ("ä.txt", "x")]))
    for place, value in changes:
        content[-place] = value

    with suppress(ImportRefused):
        parse_file(bytes(content))


def test_an_encrypted_archive_is_refused():
    content = bytearray(archive([("programme.json", "{}")]))
    directory = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[directory + 8] |= 1

    assert refusal_of_bytes(bytes(content)) == ["programme.json: Die Datei ist verschlüsselt."]


def test_files_written_before_a_refusal_are_taken_away(sample):
    sample["press_releases"][0]["lead"] = "{nichts}"
    before = stored(default_storage)

    assert refusal_of_bytes(with_file(sample))
    assert stored(default_storage) == before


def stored(storage):
    return storage.listdir("attachments")[1] if storage.exists("attachments") else []
