"""`siban up`: database, migrations, demonstration data, web server and worker, until somebody says stop."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import signal
import sys
import time
from types import FrameType

from .. import home, postgres
from . import django_commands, ports
from .children import Child, stop_all

HEALTH_PATIENCE = 60.0  # seconds until the web server must answer
STOP_PATIENCE = 15.0  # seconds for requests and jobs under way
THREADS = min(
    8, 2 * (os.cpu_count() or 1) + 1
)  # of each web process; each may hold a database connection, of which there are 100
APPLICATION = "config.wsgi:application"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a fallen process is started again


class _Stop(Exception):
    """Somebody asked us to end."""


def _on_signal(number: int, _: FrameType | None) -> None:
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    raise _Stop(number)


def say(sentence: str) -> None:
    print(sentence, flush=True)


def prepare(arguments: argparse.Namespace) -> int:
    """`siban prepare`: everything but serving."""
    django_commands.with_database(temporary=True, say=say)
    django_commands.begin()
    django_commands.prepare(demo=arguments.demo, say=say)
    return 0


def up(arguments: argparse.Namespace) -> int:
    refused = ports.refusal(arguments.host, arguments.port)
    if refused:
        print(refused, file=sys.stderr)
        return 1
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, _on_signal)
    ours = not os.environ.get("DATABASE_URL")
    children: list[Child] = []
    try:
        os.environ["PORT"] = str(arguments.port)
        django_commands.with_database(temporary=True, say=say)
        django_commands.begin()
        django_commands.prepare(demo=arguments.demo, say=say)
        return _serve(arguments, children, keeps_database=ours)
    except _Stop:
        say("\n正在停止……")
        return 0
    finally:
        stop_all(children, STOP_PATIENCE)
        if ours:
            with contextlib.suppress(postgres.PostgresError):
                postgres.release(home.home())


def _serve(arguments: argparse.Namespace, children: list[Child], *, keeps_database: bool) -> int:
    paths = [str(home.checkout()), os.environ.get("PYTHONPATH", "")]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}
    web = Child(
        "网页服务",
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "warning"),
            *("--blocking-threads", str(THREADS), "--respawn-failed-workers"),
            *("--host", arguments.host, "--port", str(arguments.port), "--workers", str(arguments.workers)),
            APPLICATION,
        ],
        env,
    )
    children.append(web)
    web.start()
    worker = None
    if django_commands.known("worker"):
        worker = Child("后台任务", [sys.executable, "-m", "config.cli", "worker"], env)
        children.append(worker)
        worker.start()
    if not _answers(web, arguments.host, arguments.port):
        print("网页服务没有启动成功，原因见上面的输出。可执行 siban doctor 逐项检查。", file=sys.stderr)
        return 1
    shown = "127.0.0.1" if arguments.host in ("0.0.0.0", "::", "") else arguments.host
    say(f"\n系统已启动：http://{f'[{shown}]' if ':' in shown else shown}:{arguments.port}/")
    django_commands.show_accounts()
    say("按 Ctrl-C 停止。")
    return _watch([child for child in (web, worker) if child is not None], keeps_database=keeps_database)


def _answers(web: Child, host: str, port: int) -> bool:
    """Wait for the web server to say that it is well."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    until = time.monotonic() + HEALTH_PATIENCE
    while time.monotonic() < until and web.ended is None:
        connection = http.client.HTTPConnection(target, port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return True
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    return False


class _Kept:
    """A process that is put back on its feet when it falls, ever more slowly while it keeps falling."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.since, self.due, self.pause = time.monotonic(), 0.0, FIRST_PAUSE

    def look(self, now: float) -> None:
        if self.child.ended is None:
            return
        if not self.due:
            self.pause = FIRST_PAUSE if now - self.since > 60 else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + self.pause
            _warn(f"{self.child.name}意外停止，{self.pause:.1f} 秒后重新启动。")
        elif now >= self.due:
            self.child.stop(0)  # what its group left behind would still hold the port
            self.child.start()
            self.since, self.due = now, 0.0


def _warn(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _watch(children: list[Child], *, keeps_database: bool) -> int:
    """Stay until somebody says stop; whatever falls, server, worker or the home's own database, is started again."""
    kept = [_Kept(child) for child in children]
    while True:
        time.sleep(0.25)
        if keeps_database:
            _keep_database()
        for one in kept:
            one.look(time.monotonic())


def _keep_database() -> None:
    """Start the home's own database again where it has fallen; it keeps its port, so that everyone finds it."""
    url = os.environ["DATABASE_URL"]
    if postgres.url_if_running(home.home()) == url:
        return
    _warn("数据库意外停止，正在重新启动。")
    try:
        again = postgres.ensure(home.home(), temporary=True)
    except postgres.PostgresError as fault:
        _warn(f"{fault}")
        time.sleep(LONGEST_PAUSE / 10)
        return
    if again.url != url:
        raise postgres.PostgresError("数据库原来的端口已被其他程序占用，系统随之停止。请重新执行 make run。")
    _warn("数据库已重新启动。")
