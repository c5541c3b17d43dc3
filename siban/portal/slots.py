"""Headings of the desk's navigation: which rooms' lines stand together."""

from siban.kernel.ui import slots

for module, label in (
    ("siban.cases", "办件"), ("siban.catalog", "事项"), ("siban.hotline", "12345 热线"), ("siban.ratings", "评价和大厅"), ("siban.halls", "评价和大厅"),
    ("siban.oversight", "指标和督查"), ("siban.certificates", "证照和系统"), ("siban.exchange", "证照和系统"), ("siban.identity", "证照和系统"),
):  # fmt: skip
    slots.head("desk.nav", module, label)
