"""The `siban` command: its words, its refusals, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import cli, home, postgres
from config.cli import bound, doctor, ports
from config.cli.children import Child, stop_all
from config.postgres import process

from .test_embedded_postgres import ROOT, alive, eventually, serving

ENGLISH = re.compile(r"usage|options|positional|show this|error:|required|invalid")


def run(*words: str) -> int:
    try:
        return cli.main(words)
    except SystemExit as left:
        return int(left.code or 0)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        yield squatter.getsockname()[1]


@pytest.mark.parametrize("words", [["--help"], ["up", "--help"], ["db", "--help"], ["db", "shell", "--help"], []])
def test_help_is_chinese(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 0
    shown = capsys.readouterr().out
    assert "用法：siban" in shown
    assert not ENGLISH.search(shown)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["db"], "缺少：动作"),
        (["db", "dance"], "没有“dance”这个动作"),
        (["nothing"], "没有“nothing”这个命令"),
        (["up", "--port", "door"], "现为“door”"),
        (["up", "--port"], "后面要写一个值"),
        (["up", "--workers", "0"], "1 到 64 之间"),
        (["up", "--fast"], "不认识：--fast"),
    ],
)
def test_wrong_words_are_refused_in_chinese(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "--help" in shown
    assert not ENGLISH.search(shown)


def test_taken_port_names_its_holder_and_another_port(taken: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("up", "--port", str(taken)) == 1
    shown = capsys.readouterr().err
    assert f"进程 {os.getpid()}" in shown
    assert "PORT=" in shown


def test_free_port_is_no_matter() -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        free = trial.getsockname()[1]
    assert ports.refusal("127.0.0.1", free) is None


def test_foreign_address_is_explained() -> None:
    assert "没有地址 192.0.2.1" in str(ports.refusal("192.0.2.1", 8000))


def test_home_is_the_named_one_or_in_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIBAN_HOME", str(tmp_path / "有 空格"))
    assert home.home() == tmp_path / "有 空格"
    monkeypatch.delenv("SIBAN_HOME")
    monkeypatch.setattr(home, "checkout", lambda: tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert home.home() == Path("/data/siban")
    (tmp_path / "pyproject.toml").touch()
    assert home.home() == tmp_path / ".siban"


def test_home_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(home.HomeError, match="SIBAN_HOME="):
        home.prepared(tmp_path / "file" / "home")


def test_database_can_be_handled_by_hand(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIBAN_HOME", str(home))
    assert run("db", "status") == 3
    assert "还没有建立" in capsys.readouterr().out
    assert run("db", "start") == 0
    assert run("db", "status") == 0
    shell = [sys.executable, "-m", "config.cli", "db", "shell"]
    for words, who in (([], "siban"), (["--admin"], "postgres")):
        command = [*shell, *words, "-Atc", "SELECT current_user"]
        assert subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip() == who
    assert run("db", "reset") == 2
    assert postgres.status(home).made
    assert run("db", "stop") == 0
    assert run("db", "stop") == 0
    assert "本来就没有运行" in capsys.readouterr().out
    assert run("db", "reset", "--yes") == 0
    assert not postgres.status(home).made


def test_own_database_is_left_out_when_another_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIBAN_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    assert run("db", "start") == 1
    assert "DATABASE_URL" in capsys.readouterr().out
    assert not home.exists()


def test_doctor_names_what_is_missing_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ill() -> doctor.Finding:
        raise postgres.PostgresError("请安装它。")

    def broken() -> doctor.Finding:
        raise ZeroDivisionError

    def trifle() -> doctor.Finding:
        return doctor.Finding("小事", False, "不要紧", needed=False)

    well = doctor.Finding("好", True, "齐备")
    monkeypatch.setattr(doctor, "EXAMINATIONS", (("甲", ill), ("乙", broken), ("丙", trifle), ("丁", lambda: well)))
    assert run("doctor") == 1
    shown = capsys.readouterr().out
    assert "缺失　甲：请安装它。" in shown
    assert "注意　小事：不要紧" in shown
    assert "正常　好：齐备" in shown
    assert "有 2 项需要处理" in shown
    monkeypatch.setattr(doctor, "EXAMINATIONS", (("丙", trifle), ("丁", lambda: well)))
    assert run("doctor") == 0


def test_child_stops_when_its_parent_is_killed() -> None:
    code = (
        "import os, sys; from config.cli.children import Child; child = Child('', ['/bin/sleep', '60'], os.environ);"
        "child.start(); print(child.process.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert eventually(lambda: "60" in (process.look(child) or process.Process(0, 0, ())).argv)
        parent.kill()
        assert eventually(lambda: not alive(child))


def test_child_whose_parent_is_gone_already_does_not_begin() -> None:
    command = [sys.executable, bound.__file__, "1", "/bin/echo", "begun"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == ""


def test_stubborn_child_and_its_children_are_ended() -> None:
    child = Child("", ["/bin/sh", "-c", "trap '' TERM; sleep 61 & wait; wait"], os.environ)
    child.start()
    assert child.process is not None
    group = child.process.pid
    stop_all([child], patience=0.2)
    assert child.ended is not None
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)


@pytest.fixture
def up(home: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], int]]]:
    """Start `siban up` for the stand-in site; wait until it says that it is there."""
    running: list[subprocess.Popen[str]] = []

    def start() -> tuple[subprocess.Popen[str], int]:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            port = trial.getsockname()[1]
        code = (
            "import sys; from config import cli; from config.cli import up;"
            "up.APPLICATION = 'tests.house.stand_in:application'; sys.exit(cli.main(sys.argv[1:]))"
        )
        settings = {"DJANGO_SETTINGS_MODULE": "tests.house.stand_in", "SIBAN_HOME": str(home)}
        command = [sys.executable, "-c", code, "up", "--demo", "--workers", "1", "--port", str(port)]
        started = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, text=True)
        running.append(started)
        assert started.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = started.stdout.readline()
            assert line, said
            said += line
        assert f"http://127.0.0.1:{port}/" in said
        return started, port

    yield start
    for one in running:
        with one:
            one.kill()


def _well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.read() == b"well")
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_serves_and_stops_with_all_it_started(
    home: Path, up: Callable[[], tuple[subprocess.Popen[str], int]], number: signal.Signals
) -> None:
    started, port = up()
    assert _well(port)
    data = postgres.status(home).data
    assert data is not None
    started.send_signal(number)
    assert started.wait(20) == 0
    assert not _well(port)
    assert serving(data) == []


def test_up_killed_leaves_no_orphans(home: Path, up: Callable[[], tuple[subprocess.Popen[str], int]]) -> None:
    started, port = up()
    data = postgres.status(home).data
    assert data is not None
    started.kill()
    assert eventually(lambda: not _well(port) and serving(data) == [])


def test_up_leaves_a_database_that_ran_before(home: Path, up: Callable[[], tuple[subprocess.Popen[str], int]]) -> None:
    server = postgres.ensure(home)
    started, _ = up()
    started.send_signal(signal.SIGTERM)
    assert started.wait(20) == 0
    assert alive(server.pid)
