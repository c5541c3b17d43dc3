"""What a password must be made of, beside not being a common one; sentences in Chinese, each naming its rule."""

from typing import Any

from django.core.exceptions import ValidationError

SHORTEST = 10
HELP = f"至少 {SHORTEST} 个字符，同时有字母和数字，不要用账号、姓名或者常见密码。"


class Composed:
    """Long enough, letters and digits both, and not around the account's own names."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with the sentences."""
        faults = []
        if len(password) < SHORTEST:
            faults.append(f"密码至少 {SHORTEST} 个字符。")
        if not (any(c.isalpha() for c in password) and any(c.isdigit() for c in password)):
            faults.append("密码要同时有字母和数字。")
        own = [str(getattr(user, name, "") or "").lower() for name in ("login", "name")]
        if any(len(word) > 2 and word in password.lower() for word in own):
            faults.append("密码里不能有自己的账号或者姓名。")
        if faults:
            raise ValidationError(faults, code="password_not_composed")

    def get_help_text(self) -> str:
        return HELP
