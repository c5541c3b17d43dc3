"""What strangers send along, where an address wants something: enough to be refused for who they are, not for an empty form."""

SENT = {
    "desk/cases/export/": {"purpose": "送达通知"}, "progress/": {"number": "1", "tail": "0000"}, "elder/": {"next": "/"},
    "desk/cases/<str:number>/reveal/<str:field>/": {"purpose": "核对身份"},
    "desk/certificates/<uuid:pk>/<slug:move>/": {"reason": "以欺骗手段取得，依法撤销"},
    "my/certificates/<uuid:pk>/": {"reason": "地址写错了一个字"}, "desk/counter/person/": {"number": "1"},
}  # fmt: skip
ASKED = {
    "desk/search/": {"q": "演示"},
    "desk/cases/": {"name": "演示"},
    "desk/issue/": {"q": "演示"},
    "desk/counter/items/": {"q": "货运"},
}
