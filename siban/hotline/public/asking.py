"""问一问: a person types a question and is answered from the knowledge base, or told honestly that there is no answer."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.web.throttle import Throttle, throttled

from ..actions import knowledge_asking
from ..models_knowledge import Article, Question
from ..queries import knowledge

QUESTIONS = Throttle("knowledge-ask", capacity=30, per_minute=20)
SESSION, KEPT, LEAST, CANDIDATES = "asked", 30, 2, 3
EXAMPLES = ("停暖了热费能退吗", "孩子刚出生要办什么证", "狼咬死羊给赔吗", "低保怎么申请")
SURE = 0.75
"""Below this the person is shown other candidates too."""


@require_http_methods(["GET", "POST"])
@never_cache
@throttled(QUESTIONS, methods=("POST",))
def ask(request: HttpRequest) -> HttpResponse:
    """Ask; every question is kept, so that what is missing can be written."""
    text = " ".join(request.POST.get("question", "").replace("\x00", "").split())
    said = ""
    if request.method == "POST":
        if len(text) < LEAST:
            said = "请写下您想问的事，例如“停暖了热费能退吗”。"
        elif len(text) > knowledge_asking.LONGEST:
            said = f"问题有 {len(text)} 个字，最多 {knowledge_asking.LONGEST} 个字。请只写最要紧的一件事。"
        else:
            at = clock.now()
            asked = knowledge.answer(text, on=clock.local_day(at))
            kept = knowledge_asking.keep(asked=asked, channel="portal", region=settings.SITE_REGION, at=at)
            request.session[SESSION] = [str(kept.pk), *request.session.get(SESSION, [])][:KEPT]
            return redirect("ask-answer", pk=kept.pk)
    context = {"said": said, "typed": text, "examples": EXAMPLES}
    return render(request, "hotline/public/ask.html", context, status=422 if said else 200)


def _mine(request: HttpRequest, pk: UUID) -> Question:
    """A question is shown only where it was asked."""
    if str(pk) not in request.session.get(SESSION, []):
        raise Http404
    question = Question.objects.filter(pk=pk).first()
    if question is None:
        raise Http404
    return question


@require_safe
@never_cache
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The answer with its basis, validity and owner; several candidates when unsure; or what to do instead."""
    return _answer(request, _mine(request, pk))


def _answer(
    request: HttpRequest, question: Question, *, said: str = "", phone: str = "", status: int = 200
) -> HttpResponse:
    on = clock.local_day(clock.now())
    asked = knowledge.answer(question.text, on=on)
    sure = bool(asked.ranked) and asked.ranked[0].score >= SURE
    others = [r for r in asked.ranked if r.is_valid and r.paper != asked.answer and r.score >= knowledge_asking.NEAR][
        :CANDIDATES
    ]
    first = asked.ranked[0] if asked.ranked else None
    context = {
        "question": question, "asked": asked, "others": others if not sure or not asked.is_answered else [], "sure": sure,
        "article": _article(asked.answer.number) if asked.answer else None, "said": said, "phone": phone,
        "expired": first.paper if first and not first.is_valid and asked.answer != first.paper and (asked.answer or "过期" in asked.why) else None,
        "examples": (),
    }  # fmt: skip
    return render(request, "hotline/public/answer.html", context, status=status)


def _article(number: str) -> Article | None:
    return Article.objects.select_related("owner").filter(number=number).first()


@require_POST
@never_cache
@throttled(QUESTIONS, methods=("POST",))
def helpful(request: HttpRequest, pk: UUID) -> Any:
    """Whether the answer helped."""
    question = _mine(request, pk)
    said = request.POST.get("helpful", "")
    if said not in ("yes", "no"):
        return _answer(request, question, said="请选择“有帮助”或者“没有帮助”。", status=422)
    knowledge_asking.rate(question_id=question.pk, is_helpful=said == "yes", at=clock.now())
    messages.success(
        request,
        "谢谢，已经记下。" if said == "yes" else "已经记下，我们会改进这一条。需要的话，可以留下电话，由热线答复您。",
    )
    return redirect("ask-answer", pk=pk)


@require_POST
@never_cache
@throttled(QUESTIONS, methods=("POST",))
def leave(request: HttpRequest, pk: UUID) -> Any:
    """Leave the question with a telephone number."""
    question = _mine(request, pk)
    phone = request.POST.get("phone", "").replace("\x00", "")
    try:
        knowledge_asking.leave(question_id=question.pk, contact=phone, at=clock.now())
    except Refused as why:
        return _answer(request, question, said=str(why), phone=phone[:30], status=422)
    messages.success(request, "您的问题和电话已经留给 12345 热线，由话务员联系您。")
    return redirect("ask-answer", pk=pk)
