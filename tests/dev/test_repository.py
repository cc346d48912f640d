import re

import pytest
import yaml

from dev import check, commands
from dev.environment import ROOT

READ = re.compile(r'\benv(?:\.\w+)?\(\s*"([A-Z0-9_]+)"')
NAMED = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
# Read by docker-compose.yml, not by the settings.
FOR_COMPOSE = {
    "OWNER_DATABASE_URL",
    "POSTGRES_OWNER_PASSWORD",
    "POSTGRES_PASSWORD",
    "VALKEY_PASSWORD",
}


def test_env_example_names_every_setting_and_no_other():
    read = set(READ.findall((ROOT / "mfv_portal/settings.py").read_text()))
    named = NAMED.findall((ROOT / ".env.example").read_text())

    assert sorted(named) == sorted(read | FOR_COMPOSE)


def test_env_example_holds_no_secret():
    text = (ROOT / ".env.example").read_text()

    for name in (
        "SECRET_KEY",
        "POSTGRES_PASSWORD",
        "POSTGRES_OWNER_PASSWORD",
        "VALKEY_PASSWORD",
        "S3_SECRET_KEY",
    ):
        assert re.search(rf"^(?:# )?{name}=$", text, re.MULTILINE)


def test_lock_files_hold_no_address():
    assert check.addresses_in_locks() == ""


@pytest.mark.parametrize(
    "line",
    [
        "--index-url something",
        "pkg @ file",
        '"resolved": "https://example.org/pkg.tgz"',
        "--find-links wheels",
    ],
)
def test_address_in_a_lock_file_is_found(monkeypatch, tmp_path, line):
    for name in (*check.LOCKS, "package-lock.json"):
        (tmp_path / name).write_text("fine==1\n")
    (tmp_path / "requirements-start.txt").write_text(f"fine==1\n{line}\n")
    monkeypatch.setattr(check, "ROOT", tmp_path)

    assert check.addresses_in_locks() == f"requirements-start.txt:2: {line}"


def test_lock_files_match_the_project():
    assert check.locks_match() == ""


def test_lock_file_that_does_not_match_is_found(monkeypatch, tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["one>=2", "gone"]\n'
        '[dependency-groups]\nembedded = []\ndev = [{include-group = "embedded"}, "tool"]\n'
    )
    (tmp_path / "requirements.txt").write_text("one==1\n")
    (tmp_path / "requirements-start.txt").write_text("one==1\n")
    (tmp_path / "requirements-dev.txt").write_text("one==2\ntool==1\n")
    monkeypatch.setattr(check, "ROOT", tmp_path)

    assert check.locks_match().splitlines() == [
        "requirements.txt: one 1 passt nicht zu one>=2",
        "requirements.txt: gone fehlt",
        "requirements-dev.txt: one ist 2, in requirements-start.txt 1",
    ]


def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_compose_and_development_run_the_same_background_processes():
    services = compose()

    for name, command in commands.background().items():
        assert services[name]["command"] == command[2:], name


def test_compose_shows_no_server_but_the_proxy_to_the_world():
    assert [name for name, service in compose().items() if "ports" in service] == ["proxy"]


def test_compose_lets_the_print_worker_out_nowhere():
    assert compose()["worker-pdf"]["networks"] == ["inside"]


def test_compose_runs_the_portal_without_rights():
    ours = [service for service in compose().values() if service["image"] == "mfv-portal"]

    assert len(ours) == 5
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours)
    assert re.search(r"^USER portal$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_compose_runs_the_proxy_with_the_rights_that_nginx_needs():
    proxy = compose()["proxy"]

    assert proxy["read_only"]
    assert proxy["cap_drop"] == ["ALL"]
    assert proxy["cap_add"] == ["CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"]
    assert proxy["security_opt"] == ["no-new-privileges:true"]
    assert "/run" in proxy["tmpfs"]


def test_compose_gives_secrets_only_to_those_who_use_them():
    def has(name, secret):
        return compose()[name]["environment"].get(secret) not in {"", "dummymail://"}

    ours = [name for name, service in compose().items() if service["image"] == "mfv-portal"]

    assert [name for name in ours if has(name, "EMAIL_URL")] == ["worker-default"]
    assert [name for name in ours if has(name, "S3_SECRET_KEY")] == [
        "web",
        "worker-default",
        "worker-pdf",
    ]


def test_compose_limits_what_uploads_and_prints_take():
    services = compose()

    assert services["web"]["mem_limit"] == "1536m"
    assert [place.partition(":")[2] for place in services["web"]["tmpfs"]] == ["size=512m"]
    assert services["worker-pdf"]["mem_limit"] == "2560m"


def test_dockerignore_lets_every_app_in():
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    settings = (ROOT / "pyproject.toml").read_text()
    packages = re.search(r"root_packages = \[(.*?)]", settings).group(1)

    assert ignore[0] == "*"
    for name in re.findall(r'"(\w+)"', packages):
        assert f"!{name}" in ignore
