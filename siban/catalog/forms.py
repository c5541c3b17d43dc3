"""The fields an application asks for, from the form materials of a version."""

from collections.abc import Collection

from .content import ItemContent
from .elements import FieldSpec, field


def form_fields(content: ItemContent, material_ids: Collection[str]) -> list[FieldSpec]:
    """The fields of these materials' forms: each element once, in the order of the forms, required if any form wants it."""
    names: dict[str, str] = {}
    required: dict[str, bool] = {}
    for material in content.materials:
        if material.id not in material_ids:
            continue
        for asked in material.form_fields:
            names.setdefault(asked.element, asked.name)
            required[asked.element] = required.get(asked.element, False) or asked.required
    return [field(element, name=name, required=required[element]) for element, name in names.items()]
