"""共同申请: who must have agreed before an application is handed in or taken back. Pure."""

from collections.abc import Iterable

MOST = 5  # beside the applicant; further ones apply on paper
RULE = "平台办件规则（共同申请：每个人本人同意）"


def all_agreed(asked: Iterable[str]) -> str | None:
    """Names of those who have not answered yet."""
    waiting = "、".join(asked)
    return f"共同申请人{waiting}还没有同意。请对方登录后在“我的办件”里同意，或者先移除再提交。" if waiting else None


def all_withdraw(waiting: Iterable[str]) -> str | None:
    """Names of those who have not agreed to take the application back."""
    names = "、".join(waiting)
    return (
        f"这是共同申请，{names}还没有同意撤回。请对方登录后在“我的办件”里同意撤回，或者到窗口办理。" if names else None
    )
