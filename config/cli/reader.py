"""`siban reader`: the small programme on a clerk's computer that hands card readings to the counter's page.

It needs no database and keeps nothing: a card goes from the reader's driver to the server, signed, and is forgotten.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import date

from siban.kernel.codes import citizen

NOWHERE = "999999"  # no region has this code: the numbers are nobody's
SIMULATED = (
    ("演示·娜仁", date(1990, 1, 1), 10, "演示苏木示例街 1 号"),
    ("演示·巴特", date(1985, 5, 5), 11, "演示苏木示例街 2 号"),
    ("演示·路人", date(1978, 8, 8), 13, "演示苏木示例街 3 号"),
    ("演示·老人", date(1944, 4, 4), 14, "演示苏木示例路 4 号"),
    ("演示·新来的人", date(1996, 6, 6), 21, "演示苏木示例路 5 号"),
)
WAIT = 10  # seconds for an answer


def cards() -> list[dict[str, str]]:
    """The simulated cards, as a driver would print them."""
    return [
        {"id_number": citizen.make(NOWHERE, born, seq), "name": name, "address": place}
        for name, born, seq, place in SIMULATED
    ]


class NotTaken(Exception):
    """The server did not take it; the sentence says why."""


def _post(address: str, body: bytes, headers: Mapping[str, str]) -> dict[str, str]:
    request = urllib.request.Request(
        address, data=body, method="POST", headers={"Content-Type": "application/json", **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=WAIT) as answer:
            said = answer.read()
    except urllib.error.HTTPError as fault:
        try:
            sentence = json.loads(fault.read()).get("error", "")
        except ValueError:
            sentence = ""
        raise NotTaken(sentence or f"平台没有接受（{fault.code}）。") from None
    except OSError as fault:
        raise NotTaken(f"连不上平台 {address}：{fault}。请检查地址和网络。") from None
    return json.loads(said) if said else {}


def pair(server: str, code: str) -> dict[str, str]:
    """Show the pairing code; gives the reader's name, its key and the counter it belongs to."""
    return _post(f"{server.rstrip('/')}/reader/pair/", json.dumps({"code": code}).encode(), {})


def send(server: str, paired: Mapping[str, str], card: Mapping[str, str]) -> None:
    """One reading, signed with the reader's key over the instant and the body."""
    body = json.dumps(dict(card), ensure_ascii=False).encode()
    stamp = int(time.time() * 1000)
    signed = hmac.new(paired["secret"].encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Reader": paired["reader"], "X-Timestamp": str(stamp), "X-Signature": signed}
    _post(f"{server.rstrip('/')}/reader/readings/", body, headers)


def _simulated() -> Iterator[dict[str, str]]:
    known = cards()
    for number, card in enumerate(known, 1):
        print(f"  {number}. {card['name']}")
    while True:
        try:
            typed = input("放哪一张卡（输入序号，回车结束）：").strip()
        except EOFError:
            return
        if not typed:
            return
        if typed.isdecimal() and 1 <= int(typed) <= len(known):
            yield known[int(typed) - 1]
        else:
            print(f"没有第 {typed[:10]} 张卡。请输入 1 到 {len(known)}。")


def _driven(command: str) -> Iterator[dict[str, str]]:
    with subprocess.Popen(shlex.split(command), stdout=subprocess.PIPE, text=True, encoding="utf-8") as driver:
        assert driver.stdout is not None
        for line in driver.stdout:
            try:
                card = json.loads(line)
            except ValueError:
                card = None
            if isinstance(card, dict):
                yield {str(k): str(v) for k, v in card.items()}
            elif line.strip():
                print(
                    "驱动程序写了一行不是 JSON 的内容，已跳过。", file=sys.stderr
                )  # what it says is not repeated: it may be a number


def run(arguments: argparse.Namespace) -> int:
    """Pair, then hand over card after card."""
    try:
        code = arguments.code or input("请输入窗口收件页面上的 8 位配对码：").strip()
        paired = pair(arguments.server, code)
    except (NotTaken, EOFError) as why:
        print(str(why) or "没有输入配对码。", file=sys.stderr)
        return 1
    print(f"已连接：{paired['counter']}。今天有效，按 Ctrl-C 结束。")
    for card in _simulated() if arguments.simulate else _driven(arguments.driver):
        try:
            send(arguments.server, paired, card)
        except NotTaken as why:
            print(why, file=sys.stderr)
        else:
            print("已读到一张卡，交给页面了。")
    return 0
