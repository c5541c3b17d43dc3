"""Comparing a file somebody holds with the one that was issued."""

import hashlib
from dataclasses import dataclass

from . import signing
from .queries import VerifyPage


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What the comparison found: a tone for the notice, its title and sentences."""

    tone: str
    title: str
    sentences: tuple[str, ...]


def compare(body: bytes, page: VerifyPage) -> FileCheck:
    """Hold a file against the record: the same bytes, a sound seal, or what was changed."""
    digest = hashlib.sha256(body).hexdigest()
    seal = signing.check(body)
    fingerprint = f"文件指纹（SHA-256）：{digest}"
    if page.sha256 and digest == page.sha256:
        said = (f"签章：{seal.signer}。{seal.sentence}",) if seal.found else ()
        return FileCheck("success", "文件与发出的原件完全一致", (*said, fingerprint))
    if seal.intact and seal.trusted:
        return FileCheck(
            "warning",
            "签章有效，但不是这里查到的这一份",
            (
                f"签章：{seal.signer}。",
                "它可能是另一份证照或者另一个版本，请用那份文件上的核验码重新查询。",
                fingerprint,
            ),
        )
    if seal.found:
        return FileCheck(
            "error", "内容被改动过", (seal.sentence, "请向持证人索取原件，或者请持证人重新下载。", fingerprint)
        )
    if not page.sha256:
        return FileCheck(
            "warning", "还没有可以对比的原件", ("持证人还没有下载过版式文件，暂时无法对比。", seal.sentence)
        )
    return FileCheck(
        "error", "与发出的原件不一致", (seal.sentence, "请向持证人索取原件，或者请持证人重新下载。", fingerprint)
    )
