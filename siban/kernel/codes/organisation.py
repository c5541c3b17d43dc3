"""Organisation code 组织机构代码, GB 11714: eight characters and a check character."""

from dataclasses import dataclass

from .errors import refuse, stray, tidy

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # GB 11714-1997
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997


@dataclass(frozen=True, slots=True)
class OrganisationCode:
    """A checked organisation code, without its hyphen."""

    code: str

    def written(self) -> str:
        """The code as printed on the old certificate, hyphen before the check character."""
        return f"{self.code[:8]}-{self.code[8]}"


def check_character(first8: str) -> str:
    """The ninth character that belongs to the first eight."""
    total = sum(weight * ALPHABET.index(char) for weight, char in zip(WEIGHTS, first8, strict=True))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def check(value: object) -> str | None:
    """The sentence saying what is wrong with the code, or None."""
    code = _plain(value)
    named = f"组织机构代码“{code}”"
    if not code:
        return "组织机构代码没有填写，请填写 9 位代码。"
    if len(code) != 9:
        return f"{named}应为 9 位，现有 {len(code)} 位，请对照证书核对后重新填写。"
    wrong = stray(code, ALPHABET)
    if wrong is not None:
        return f"{named}第 {wrong[0]} 位是“{wrong[1]}”，只能用数字和大写字母，请对照证书核对后重新填写。"
    if check_character(code[:8]) != code[8]:
        return f"{named}末位校验码不符，至少有一位有误，请对照证书核对后重新填写。"
    return None


def parse(value: object) -> OrganisationCode:
    """Read a code, with or without its hyphen, or raise `CodeError`."""
    refuse(check(value))
    return OrganisationCode(_plain(value))


def make(first8: str) -> str:
    """A code for tests and demonstrations."""
    return first8 + check_character(first8)


def _plain(value: object) -> str:
    code = tidy(value)
    return code[:8] + code[9:] if code[8:9] == "-" else code
