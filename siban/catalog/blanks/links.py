"""Where a form is found, in words: drawn from the data elements, or the file its unit gave in place of that. Pure."""

from uuid import UUID

from ..chapters import Pair
from ..content import ItemContent, Material

OWN = "file:"  # before the identifier of a stored file
FIELDS = {"blank": "blank_form_file", "sample": "sample_form_file"}


def own_file(material: Material, kind: str) -> UUID | None:
    """The stored file a unit gave for this form; None where it is drawn."""
    said = getattr(material, FIELDS[kind]) or ""
    try:
        return UUID(said.removeprefix(OWN)) if said.startswith(OWN) else None
    except ValueError:
        return None


def drawn_name(material_key: str, kind: str) -> str:
    """What the element says of a form that is drawn: the name under which it is offered."""
    return f"forms/{kind}/{material_key}.{'docx' if kind == 'blank' else 'pdf'}"


def links(content: ItemContent, material: Material) -> tuple[Pair, ...]:
    """The files of a form as the public reads them."""
    if not material.is_form:
        return ()
    place = f"/items/{content.impl_code}/forms/{material.id}/"
    found = []
    for kind, words, offered in (
        ("blank", "空表", (("在电脑上填（Word）", "docx"), ("打印填写（PDF）", "pdf"))),
        ("sample", "样表", (("对照填写（PDF）", "pdf"), ("对照填写（Word）", "docx"))),
    ):
        if own := own_file(material, kind):
            found.append(Pair(words, f"办理单位提供，文件号 {str(own)[:8]}", f"{place}{kind}/own/"))
        else:
            found += [Pair(words, label, f"{place}{kind}/{suffix}/") for label, suffix in offered]
    return tuple(found)
