"""The embedded server, really started and stopped."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from config import postgres
from config.postgres import binaries, process
from config.postgres.room import Room

from .conftest import as_ordinary_user

ROOT = Path(__file__).resolve().parents[2]
OLDEST = Path("/usr/lib/postgresql/15/bin")


def elsewhere(code: str, home: Path, **more: str) -> subprocess.Popen[str]:
    """Another process that has `postgres` and `home` at hand."""
    head = "import os, sys, time; from pathlib import Path; from config import postgres; home = Path(sys.argv[1]);"
    return subprocess.Popen(
        [sys.executable, "-c", head + code, str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | more,
    )


def one(url: str, statement: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def alive(pid: int) -> bool:
    return process.look(pid) is not None


def serving(data: Path) -> list[int]:
    """Every living process that has this data folder as its working directory or on its command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (seen := process.look(int(entry.name))) and str(data) in seen.argv:
            found.append(seen.pid)
    return found


def eventually(true: Callable[[], bool], seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_first_start_gives_a_careful_server(home: Path) -> None:
    server = postgres.ensure(home)
    assert server.started
    settings = (
        "server_encoding",
        "data_checksums",
        "fsync",
        "password_encryption",
        "listen_addresses",
        "max_connections",
    )
    with psycopg.connect(server.url) as connection:
        shown = [connection.execute("SELECT current_setting(%s)", [name]).fetchone()[0] for name in settings]
        assert shown == ["UTF8", "on", "on", "scram-sha-256", "127.0.0.1", "100"]
        collation = "SELECT datcollate, datctype FROM pg_database WHERE datname = 'siban'"
        assert connection.execute(collation).fetchone() == ("C.UTF-8", "C.UTF-8")
        assert connection.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = 'siban'").fetchone() == (
            False,
            True,
        )
        for extension in binaries.EXTENSIONS:
            connection.execute(f"CREATE EXTENSION {extension}")  # by the owner, who is no superuser
    assert one(server.socket_url, "SELECT current_user") == "siban"


def test_passwords_are_needed_and_private(home: Path) -> None:
    server = postgres.ensure(home)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://siban:wrong@127.0.0.1:{server.port}/siban")
    admin = postgres.admin_password(home)
    with pytest.raises(psycopg.OperationalError, match="reject"):
        psycopg.connect(f"postgresql://postgres:{admin}@127.0.0.1:{server.port}/siban")
    for name in ("password", "password-admin", "state.json"):
        assert stat.S_IMODE((home / "postgres" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700


def test_a_second_process_shares_the_server(home: Path) -> None:
    server = postgres.ensure(home)
    with elsewhere("s = postgres.ensure(home); print(s.pid, s.started, s.url)", home) as other:
        assert other.stdout is not None
        assert other.stdout.read().split() == [str(server.pid), "False", server.url]


def test_processes_starting_at_once_make_one_server(home: Path) -> None:
    several = [elsewhere("s = postgres.ensure(home); print(s.pid, s.started)", home) for _ in range(3)]
    answers = [process.communicate()[0].split() for process in several]
    assert len({pid for pid, _ in answers}) == 1
    assert sorted(started for _, started in answers) == ["False", "False", "True"]


def test_killed_server_recovers_with_all_that_was_committed(home: Path) -> None:
    server = postgres.ensure(home)
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        connection.commit()
        os.kill(server.pid, signal.SIGKILL)
        assert eventually(lambda: not alive(server.pid))
        again = postgres.ensure(home)
    assert again.started
    assert again.pid != server.pid
    assert one(again.url, "SELECT number FROM kept") == 7


def test_starter_killed_while_building_leaves_nothing_in_the_way(home: Path) -> None:
    with elsewhere("postgres.ensure(home)", home) as starter:
        assert eventually(lambda: any(home.glob("postgres/cluster/data.new/*")))
        starter.kill()
    assert one(postgres.ensure(home).url, "SELECT 1") == 1


def test_number_of_a_dead_server_taken_by_another_process_harms_neither(home: Path) -> None:
    server = postgres.ensure(home)
    note = (server.data / "postmaster.pid").read_text().splitlines()
    os.kill(server.pid, signal.SIGKILL)
    assert eventually(lambda: not alive(server.pid))
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (server.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *note[1:]]) + "\n")
        try:
            assert postgres.status(home).server is None
            assert not postgres.stop(home)
            assert alive(stranger.pid)
            assert one(postgres.ensure(home).url, "SELECT 1") == 1
            assert alive(stranger.pid)
        finally:
            stranger.kill()


def test_server_of_the_same_folder_started_by_hand_is_left_alone(home: Path) -> None:
    server = postgres.ensure(home)
    postgres.stop(home)
    with as_owner(
        server.data, ["-c", f"data_directory={server.data}", "-c", "listen_addresses=", "-D", str(server.data)]
    ) as by_hand:
        assert eventually(lambda: bool(process.PidFile.read(server.data)))
        with pytest.raises(postgres.PostgresError, match="另外启动"):
            postgres.ensure(home)
        assert not postgres.stop(home)
        assert alive(by_hand.pid)
        by_hand.send_signal(signal.SIGQUIT)


def as_owner(data: Path, arguments: list[str]) -> subprocess.Popen[bytes]:
    who = data.stat()
    rights = {"user": who.st_uid, "group": who.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    base = data.parent
    program = next(iter(base.glob("programs-*/*/*/bin/postgres")), binaries.choose(None).folder / "postgres")
    return subprocess.Popen([str(program), *arguments], cwd="/", stderr=subprocess.DEVNULL, **rights)  # type: ignore[call-overload,no-any-return]


def test_stop_leaves_nothing(home: Path) -> None:
    server = postgres.ensure(home)
    assert postgres.url_if_running(home) == server.url
    assert postgres.stop(home)
    assert postgres.url_if_running(home) is None
    assert serving(server.data) == []
    assert not (server.data / "postmaster.pid").exists()
    assert not list(server.socket_dir.glob(".s.*"))
    with socket.socket() as trial:
        assert trial.connect_ex(("127.0.0.1", server.port)) != 0
    assert not postgres.stop(home)


def test_port_is_kept_until_somebody_takes_it(home: Path) -> None:
    first = postgres.ensure(home).port
    postgres.stop(home)
    assert postgres.ensure(home).port == first
    postgres.stop(home)
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", first))
        squatter.listen()
        other = postgres.ensure(home)
        assert other.port != first
        assert one(other.url, "SELECT 1") == 1


@pytest.mark.parametrize("name", ["有 空格 和'引号\"$HOME", "very-long-" + "x" * 120])
def test_awkward_paths_work(open_folder: Path, cleared: Callable[[Path], Path], name: str) -> None:
    home = cleared(open_folder / name)
    server = postgres.ensure(home)
    assert one(server.socket_url, "SELECT 1") == 1
    assert str(server.data).startswith(str(home))
    postgres.stop(home)
    assert not server.socket_dir.exists()


def test_lost_password_is_renewed_at_the_next_start(home: Path) -> None:
    lost = postgres.ensure(home).url
    (home / "postgres" / "password").unlink()
    with pytest.raises(postgres.PostgresError, match="siban db stop"):
        postgres.ensure(home)
    postgres.stop(home)
    renewed = postgres.ensure(home).url
    assert renewed != lost
    assert one(renewed, "SELECT 1") == 1


def test_unreadable_state_file_is_no_obstacle(home: Path) -> None:
    server = postgres.ensure(home)
    (home / "postgres" / "state.json").write_text("{half")
    assert postgres.stop(home)
    assert not alive(server.pid)


def test_temporary_server_goes_with_its_last_user(home: Path) -> None:
    server = postgres.ensure(home, temporary=True)
    with elsewhere("postgres.ensure(home); print('in', flush=True); time.sleep(60)", home) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert not postgres.release(home)
        assert alive(server.pid)
        other.kill()
    assert eventually(lambda: not alive(server.pid))


def test_temporary_server_survives_when_asked_to_stay(home: Path) -> None:
    server = postgres.ensure(home, temporary=True)
    postgres.ensure(home, keep=True)
    assert not postgres.release(home)
    assert alive(server.pid)


def test_lasting_server_outlives_the_process_that_started_it(home: Path) -> None:
    with elsewhere("print(postgres.ensure(home).pid)", home) as other:
        assert other.stdout is not None
        pid = int(other.stdout.read())
    assert not postgres.release(home)
    assert alive(pid)


def test_erase_is_refused_while_somebody_works_and_then_deletes_all(home: Path) -> None:
    server = postgres.ensure(home)
    with elsewhere("postgres.ensure(home); print('in', flush=True); time.sleep(60)", home) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(postgres.PostgresError, match="正在使用"):
            postgres.erase(home)
        other.kill()
    assert postgres.erase(home)
    assert not server.data.exists()
    assert not postgres.status(home).made


def test_database_url_starts_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    assert postgres.database_url(home) == "postgresql://elsewhere/db"
    assert not home.exists()


def test_folder_without_programs_is_refused_in_words(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGBIN", "/nowhere")
    with pytest.raises(postgres.PostgresError, match="取消 PGBIN"):
        postgres.ensure(home)


def test_data_of_another_major_version_are_not_touched(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = binaries.choose(None)
    server = postgres.ensure(home)
    postgres.stop(home)
    (server.data / "PG_VERSION").write_text("16\n")
    monkeypatch.setenv("PGBIN", str(chosen.folder))
    with pytest.raises(postgres.PostgresError, match="由 PostgreSQL 16 建立"):
        postgres.ensure(home)


if OLDEST.is_dir():

    def test_oldest_supported_version_runs_and_is_found_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PGBIN", str(OLDEST))
        assert postgres.ensure(home).version.startswith("15")
        postgres.stop(home)
        monkeypatch.delenv("PGBIN")
        again = postgres.ensure(home)  # data of 15 are opened by 15, whatever is newer beside it
        assert one(again.url, "SHOW server_version_num").startswith("15")  # type: ignore[attr-defined]


def test_ordinary_user_has_everything_in_a_private_home(
    open_folder: Path, public_programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGBIN", str(public_programs))
    open_folder.chmod(0o777)
    home = open_folder / "own"

    def job() -> tuple[str, int, object, bool]:
        server = postgres.ensure(home)
        answer = one(server.url, "SELECT 1")
        return str(server.data), (home.stat().st_mode & 0o777), answer, postgres.stop(home)

    data, mode, answer, stopped = as_ordinary_user(job)
    assert Path(data) == home / "postgres" / "cluster" / "data"
    assert (mode, answer, stopped) == (0o700, 1, True)


def test_room_name_outside_depends_on_the_home_alone(tmp_path: Path) -> None:
    assert Room.of(tmp_path / "a").outside_name == Room.of(tmp_path / "b" / ".." / "a").outside_name
    assert Room.of(tmp_path / "a").outside_name != Room.of(tmp_path / "b").outside_name
