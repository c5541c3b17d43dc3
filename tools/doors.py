"""Import contract: from outside, a room is entered only through its doors."""

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Who imports another room imports its `api` or `events`, nothing further in."""

    root = fields.StringField()
    doors = fields.SetField(subfield=fields.StringField())
    open_modules = fields.SetField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        broken = []
        for importer in sorted(graph.modules):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                ours, theirs = importer.split("."), imported.split(".")
                if ours[0] != self.root or theirs[0] != self.root or len(ours) < 2 or len(theirs) < 2:
                    continue
                if ours[1] == theirs[1] or theirs[1] in self.open_modules:  # type: ignore[operator]
                    continue
                if len(theirs) < 3 or theirs[2] not in self.doors:  # type: ignore[operator]
                    broken.append((importer, imported))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} reaches into {imported}; go through its api", bold=False)
