"""What the error pages say: what happened, what to do next. Set as handler400…500 in the root addresses."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from .context import ui


@dataclass(frozen=True)
class Failure:
    """One error page."""

    code: int
    title: str
    what: str
    next: tuple[str, ...]
    reference: str = ""


FAILURES = {
    failure.code: failure
    for failure in (
        Failure(400, "没有看懂这次提交", "提交的内容不完整或格式不对，没有保存。", ("返回上一页检查后再提交。",)),
        Failure(403, "您不能看这一页", "这一页只对有关的人开放，您现在的身份不在其中。",
                ("如果还没有登录，请先登录。", "如果是替别人办，请先取得对方授权。", "工作人员请核对自己的岗位。")),
        Failure(404, "没有找到这一页", "网址可能有误，或者这项内容已经移走。", ("检查网址有没有输错。", "回到首页，用搜索找事项。")),
        Failure(409, "现在不能这样办", "事情已经有了新的进展，刚才的操作没有生效。", ("返回上一页并刷新，查看最新进度。",)),
        Failure(411, "没有写明大小", "这次提交没有写明内容有多大，没有收下，也没有保存。", ("用浏览器重新提交一次。", "系统对接请在请求头写明 Content-Length。")),
        Failure(413, "文件太大", "上传的文件超过上限，没有收下，其他内容也没有提交。",
                ("把照片压缩，或拍照时选小一些的尺寸。", "多页材料可以分几个文件上传。")),
        Failure(419, "页面放得太久了", "为了安全，这一页已经失效，刚才的提交没有生效。", ("返回上一页并刷新，再提交一次。", "如果要求登录，请重新登录。")),
        Failure(429, "操作太快", "短时间内操作次数太多，系统请您歇一歇。", ("等一分钟再试。",)),
        Failure(500, "系统出了点问题", "刚才的操作没有完成，我们已记下这次故障。", ("过几分钟再试一次。", "着急办的事可以到就近的办事大厅。")),
        Failure(503, "系统正在恢复", "数据库暂时连不上，系统会自动重试。已提交和已保存的内容不会丢失。", ("过一会儿刷新这一页。", "着急办的事可以到就近的办事大厅。")),
    )
}  # fmt: skip


def page(request: HttpRequest, code: int, *, said: str = "", reference: str = "") -> HttpResponse:
    """The error page of a code, also for a request that broke before it had an actor.

    `said` is the sentence of this very refusal and stands in for the general one.
    """
    failure = replace(FAILURES[code], reference=reference)
    if said:
        failure = replace(failure, what=said)
    return HttpResponse(
        render_to_string("ui/error.html", {**ui(request), "csrf_token": get_token(request), "error": failure}),
        status=code,
    )
