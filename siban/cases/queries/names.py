"""How a person's name is shown to who does not need it whole."""


def masked_name(name: str, *, is_person: bool = True) -> str:
    """`张*` for a person, the whole name for an enterprise, which is public (企业信息公示暂行条例第六条)."""
    return name if not is_person or not name else name[0] + "*" * max(len(name) - 1, 1)
