"""The house under measurement: its own database in a temporary home, a server, and the peers beside it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import home, postgres
from config.postgres import binaries

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def database() -> Iterator[tuple[Path, str]]:
    """A fresh embedded server in a temporary home; gone afterwards. Yields (home, address)."""
    place = Path(tempfile.mkdtemp(prefix="siban-bench-"))
    place.chmod(0o711)
    os.environ["SIBAN_HOME"] = str(place)
    server = postgres.ensure(home.prepared(place))
    os.environ["DATABASE_URL"] = server.url
    try:
        yield place, server.url
    finally:
        postgres.stop(place)
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def web(workers: int = 2) -> Iterator[tuple[int, int]]:
    """Our server as `siban up` starts it. Yields (port, pid)."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
         "--workers", str(workers), "--blocking-threads", os.environ.get("BENCH_THREADS", "5"), "--no-ws", "config.wsgi:application"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).read()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError("the server did not open")
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextmanager
def nginx(page: bytes) -> Iterator[int]:
    """nginx serving one page from a file. Yields its port."""
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="siban-nginx-"))
    folder.chmod(0o755)
    (folder / "page.html").write_bytes(page)
    (folder / "page.html").chmod(0o644)
    (folder / "nginx.conf").write_text(
        f"worker_processes 2; daemon off; pid {folder}/pid; error_log {folder}/error.log crit;\n"
        "events { worker_connections 256; }\n"
        f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;"
        f" uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; keepalive_requests 10000000;"
        f" server {{ listen 127.0.0.1:{port}; root {folder}; location / {{ try_files /page.html =404; }} }} }}\n"
    )
    process = subprocess.Popen(
        ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(50):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def pgbench(url: str, script: str, *, seconds: float, clients: int) -> float:
    """Transactions a second of a pgbench script over prepared statements."""
    program = binaries.choose(None).folder / "pgbench"
    with tempfile.NamedTemporaryFile("w", suffix=".sql", delete=False) as file:
        file.write(script)
    try:
        said = subprocess.run(
            [str(program), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(int(seconds)), "-f", file.name, url],
            capture_output=True, text=True, check=True, env={**os.environ, "LD_LIBRARY_PATH": str(program.parent.parent / "lib")},
        )  # fmt: skip
    except subprocess.CalledProcessError as fault:
        raise RuntimeError(f"pgbench failed: {fault.stderr[-800:]}") from fault
    finally:
        Path(file.name).unlink()
    found = re.search(r"tps = ([\d.]+)", said.stdout)
    if found is None:
        raise RuntimeError(f"pgbench said nothing: {said.stdout[-500:]} {said.stderr[-500:]}")
    return float(found.group(1))


def children(pid: int) -> list[int]:
    """A process and everything below it."""
    below = [pid]
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        if parent == pid:
            below += children(int(entry.name))
    return below


def cpu_seconds(pid: int) -> float:
    """User and system time of a process tree so far."""
    ticks = 0
    for one in children(pid):
        try:
            parts = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += int(parts[11]) + int(parts[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_memory_mb(pid: int) -> float:
    """Largest resident set of any process in the tree, in MiB."""
    peaks = [0]
    for one in children(pid):
        try:
            status = Path(f"/proc/{one}/status").read_text()
        except OSError:
            continue
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            peaks.append(int(found.group(1)))
    return max(peaks) / 1024
