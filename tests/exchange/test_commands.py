import io
import json
import subprocess
import sys
import zipfile

import pytest
from django.core.management import CommandError, call_command

from exchange.files import ExchangeFile, archive_bytes
from people.models import AuditEntry, Message
from programmes.models import Programme, Responsibility, Run
from tests.exchange.conftest import EXAMPLE, ROOT
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def called(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, stderr=out, skip_checks=True, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path, sample):
    path = tmp_path / "sample.json"
    path.write_text(json.dumps(sample))
    return path


def test_import_and_export(file, tmp_path):
    assert "„stadtlabor“ ist eingelesen." in called("import_programme", str(file))
    assert "Nichts geändert." in called("import_programme", str(file))

    target = tmp_path / "out.json"
    called("export_programme", "stadtlabor", output=str(target))
    archive = tmp_path / "out.zip"
    called("export_programme", "stadtlabor", output=str(archive))

    assert json.loads(target.read_text())["slug"] == "stadtlabor"
    assert "ü" in target.read_text()
    with zipfile.ZipFile(archive) as opened:
        assert opened.read("programme.json") == target.read_bytes()
    assert "Nichts geändert." in called("import_programme", str(archive))


def test_export_to_the_standard_output(file):
    called("import_programme", str(file))

    assert json.loads(called("export_programme", "stadtlabor"))["title"] == "Stadtlabor"


def test_check_says_what_would_happen(file):
    assert "ließe sich so einlesen" in called("import_programme", str(file), check=True)
    assert not Programme.objects.exists()


def test_other_content_shows_the_difference_and_ends_with_an_error(file, sample):
    called("import_programme", str(file))
    sample["title"] = "Anders"
    file.write_text(json.dumps(sample))
    out = io.StringIO()

    with pytest.raises(CommandError, match="--update"):
        call_command("import_programme", str(file), stdout=out, skip_checks=True)
    assert "Geändert: Programme 1" in out.getvalue()

    assert "Geändert: Programme 1" in called("import_programme", str(file), update=True)


def test_lead_is_an_account_that_is_there(file):
    user = UserFactory(email="lead@example.org")

    called("import_programme", str(file), lead="Lead@example.org")

    assert Responsibility.objects.get().role == "lead"
    user.refresh_from_db()
    assert user.is_staff
    assert user.has_perm("programmes.set_guiding_question", Run.objects.first())
    assert Message.objects.get().recipient == "lead@example.org"
    assert AuditEntry.objects.filter(action="entrust_programme").count() == 1

    called("import_programme", str(file), lead="lead@example.org")
    assert Message.objects.count() == 1
    with pytest.raises(CommandError, match=r"Ein Konto fehlt@example\.org gibt es nicht"):
        called("import_programme", str(file), lead="fehlt@example.org")


def test_bad_calls_are_told_in_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="lässt sich nicht lesen"):
        called("import_programme", str(tmp_path / "fehlt.json"))
    with pytest.raises(CommandError, match="lässt sich nicht lesen"):
        called("import_programme", str(tmp_path))
    with pytest.raises(CommandError, match=r"gibt es nicht\. Vorhanden: –"):
        called("export_programme", "fehlt")


def test_a_programme_with_files_is_written_as_an_archive(tmp_path, sample):
    output = sample["runs"][0]["workshops"][0]["tasks"][0]["outputs"][0]
    output["attachments"] = [{"file": "a.txt", "name": "a.txt"}]
    path = tmp_path / "in.zip"
    path.write_bytes(archive_bytes(ExchangeFile(sample, {"a.txt": b"Notiz"})))
    called("import_programme", str(path))
    target = tmp_path / "out"

    called("export_programme", "stadtlabor", output=str(target))

    assert zipfile.is_zipfile(target)
    with pytest.raises(CommandError, match=r"muss auf \.zip enden"):
        called("export_programme", "stadtlabor", output=str(tmp_path / "out.json"))
    with pytest.raises(CommandError, match="lässt sich nicht schreiben"):
        called("export_programme", "stadtlabor", output=str(tmp_path / "fehlt" / "out.zip"))


def test_a_bad_file_ends_with_1_and_without_a_traceback(tmp_path):
    data = json.loads(EXAMPLE.read_text())
    data["runs"][1]["workshops"][0]["held_on"] = "2016-02-30"
    data["carrier"] = "x"
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(data))

    ended = subprocess.run(
        [sys.executable, "manage.py", "import_programme", str(path), "--skip-checks"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "runs[1].workshops[0].held_on: Das Datum „2016-02-30“ gibt es nicht." in ended.stderr
    assert "carrier: „x“ gibt es nicht unter organisations." in ended.stderr
