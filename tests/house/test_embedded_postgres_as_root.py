"""What is different for root: the server runs as somebody else, who must be able to reach it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from config import postgres
from config.home import HomeError
from config.postgres import account, binaries

from .conftest import as_ordinary_user, outside

if os.geteuid() == 0:

    @pytest.fixture
    def closed_home(tmp_path: Path, cleared: Callable[[Path], Path]) -> Path:
        tmp_path.chmod(0o700)
        return cleared(tmp_path / "closed home")

    def test_root_never_runs_the_server(home: Path) -> None:
        server = postgres.ensure(home)
        assert Path(f"/proc/{server.pid}").stat().st_uid == account.suitable(None).uid != 0
        assert server.data == home / "postgres" / "cluster" / "data"

    def test_closed_home_keeps_its_data_in_a_private_place_outside(closed_home: Path) -> None:
        server = postgres.ensure(closed_home)
        base = server.data.parent
        assert base in outside(closed_home)
        assert (base.stat().st_uid, stat.S_IMODE(base.stat().st_mode)) == (account.suitable(None).uid, 0o700)
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        postgres.stop(closed_home)
        with psycopg.connect(postgres.ensure(closed_home).url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)

    def test_closed_programs_are_copied_to_where_the_server_can_run_them(
        closed_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hidden = binaries.copied(binaries.choose(None), tmp_path / "hidden")  # tmp_path is closed to others
        monkeypatch.setenv("PGBIN", str(hidden.folder))
        server = postgres.ensure(closed_home)
        assert Path(f"/proc/{server.pid}/exe").readlink().is_relative_to(server.data.parent)
        postgres.stop(closed_home)
        assert postgres.ensure(closed_home).data == server.data

    def test_a_planted_link_or_foreign_folder_is_not_trusted(closed_home: Path, tmp_path: Path) -> None:
        first, second = outside(closed_home)
        trap = tmp_path / "trap"
        trap.mkdir()
        first.symlink_to(trap)
        try:
            server = postgres.ensure(closed_home)
            assert server.data.parent == second
            assert not list(trap.iterdir())
        finally:
            first.unlink()

    def test_a_folder_open_to_others_is_not_trusted(closed_home: Path) -> None:
        first, second = outside(closed_home)
        first.mkdir()
        first.chmod(0o777)
        assert postgres.ensure(closed_home).data.parent == second

    def test_a_moved_home_finds_its_data_again(closed_home: Path, cleared: Callable[[Path], Path]) -> None:
        before = postgres.ensure(closed_home)
        postgres.stop(closed_home)
        moved = cleared(closed_home.with_name("moved"))
        closed_home.rename(moved)
        assert postgres.ensure(moved).data == before.data
        postgres.stop(moved)

    def test_a_copied_home_does_not_take_the_data_of_the_first(
        closed_home: Path, cleared: Callable[[Path], Path]
    ) -> None:
        before = postgres.ensure(closed_home)
        copy = cleared(closed_home.with_name("copy"))
        (copy / "postgres").mkdir(parents=True)
        (copy / "postgres" / "state.json").write_bytes((closed_home / "postgres" / "state.json").read_bytes())
        assert postgres.ensure(copy).data != before.data

    def test_way_closed_later_is_explained(home: Path, open_folder: Path) -> None:
        postgres.ensure(home)
        postgres.stop(home)
        open_folder.chmod(0o700)
        with pytest.raises(postgres.PostgresError, match=r"chmod o\+x"):
            postgres.ensure(home)

    def test_ordinary_users_data_stay_theirs_when_root_comes(
        open_folder: Path,
        public_programs: Path,
        cleared: Callable[[Path], Path],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("PGBIN", str(public_programs))
        open_folder.chmod(0o777)
        home = cleared(open_folder / "own")

        def job() -> bool:
            postgres.ensure(home)
            return postgres.stop(home)

        assert as_ordinary_user(job)
        postgres.ensure(home)
        postgres.stop(home)
        assert as_ordinary_user(job)

    def test_home_of_root_is_refused_to_others_in_words(home: Path) -> None:
        postgres.ensure(home)

        def job() -> str:
            try:
                postgres.ensure(home)
            except HomeError as refusal:
                return str(refusal)
            return ""

        assert "原来的用户" in as_ordinary_user(job)
