"""Sample answers (样表): for every field one that is accepted, plainly invented. Also the proof that no rule is unanswerable."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from siban.kernel.codes import citizen, uscc

from .spec import FieldSpec

NAME = "演示甲"


def _fitting(spec: FieldSpec) -> Iterable[str]:
    """What a reader would expect here, where any number would be accepted."""
    if spec.type in ("text", "address"):
        yield "演示苏木演示嘎查 1 号" if spec.type == "address" else "演示内容，仅供参考"
    elif "银行" in spec.name and spec.type != "integer" and "账号" not in spec.name:
        yield "演示银行"
    elif "名称" in spec.name or "单位" in spec.name:
        yield "演示单位"
    elif spec.type in ("integer", "decimal"):
        yield from ("50000", "3") if "元" in spec.name else ("3", "50000")
    elif "账号" in spec.name:
        yield "6200000000000000001"


def _texts(today: date) -> Iterable[str]:
    """Plain answers, the likelier first."""
    yield from (NAME, "演示内容，仅供参考", "演示苏木演示嘎查 1 号", "13800000001", "3", "3.5", "60", "1", "50000")
    for days in (0, -400, 30, 400, -8000, -20000, -1, 1, -200):
        yield (today + timedelta(days=days)).isoformat()
    yield citizen.make("999999", date(1990, 1, 1), 10)
    yield citizen.make("999999", today.replace(day=1) - timedelta(days=400), 21)
    yield uscc.make("91999999", "MA0DEM09")
    yield from ("021000", "demo@example.org", "蒙E12345", "LSVAA4182E2184847", "A000000001", "6200000000000000001")
    yield from ("2" * n for n in (10, 12, 15, 17, 18, 19, 20, 24, 28))
    yield from ("15072420260101000001", "150724001001GB00001F00010001", "2026-150724-01-01-000001")


def sample(spec: FieldSpec, *, values: Mapping[str, Any], today: date) -> Any:
    """An answer the field accepts beside these other answers.

    Raises:
        LookupError: no candidate is accepted; the rule of the element can't be met.
    """
    for candidate in _candidates(spec, values, today):
        if spec.check(candidate, values={**values, spec.element: candidate}, today=today) is None:
            return candidate
    raise LookupError(f"no answer found for {spec.element} ({spec.type}, {spec.rule})")


def _candidates(spec: FieldSpec, values: Mapping[str, Any], today: date) -> Iterable[Any]:
    match spec.type:
        case "table":
            row = {c.element: sample(c, values={}, today=today) for c in spec.columns}
            if "share" in row:
                row["share"] = "100"
            yield [row]
        case "date_range":
            yield {"from": today.isoformat(), "to": (today + timedelta(days=300)).isoformat()}
            yield {"from": (today - timedelta(days=300)).isoformat(), "to": today.isoformat()}
        case "boolean" | "commitment" | "consent":
            yield True
        case "multi_enum":
            yield [spec.options[0][0]] if spec.options else ["演示项目"]
        case "signature":
            yield values.get("applicant_name") or values.get("legal_rep_name") or NAME
            yield values.get("guardian_name") or NAME
        case _:
            yield from (value for value, _ in spec.options)
            yield from _fitting(spec)
            yield from _texts(today)


def filled(
    specs: Sequence[FieldSpec], *, today: date, known: Mapping[str, Any] | None = None, required_only: bool = False
) -> dict[str, Any]:
    """A whole form filled in: what is `known` stands, the rest are samples.

    Raises:
        LookupError: a field can't be answered.
    """
    answers: dict[str, Any] = {}
    for spec in specs:
        if known and spec.element in known:
            answers[spec.element] = known[spec.element]
        elif spec.required or not required_only:
            answers[spec.element] = sample(spec, values={**(known or {}), **answers}, today=today)
    for spec in specs:  # rules that look at a later field are met in a second pass
        if spec.element in answers and spec.check(answers[spec.element], values=answers, today=today):
            answers[spec.element] = sample(spec, values=answers, today=today)
    return answers
