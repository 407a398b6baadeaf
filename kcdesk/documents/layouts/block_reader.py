"""Reads the blocks of layout files, with the parts that several layouts share (`parts/*.toml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from kcdesk.documents.layouts.fact_specs import FACT_SPECS
from kcdesk.documents.layouts.picture_specs import PICTURE_SPECS
from kcdesk.documents.layouts.specs import SPECS, BlockSpec, Expression, GroupSpec
from kcdesk.documents.layouts.table_specs import TABLE_SPECS
from kcdesk.formdef.loading.toml_reader import Faults, TomlReader, read_toml
from kcdesk.runtime.frozen import Value

INCLUDE = "include"
BLOCKS: Mapping[str, type[BlockSpec]] = {**SPECS, **TABLE_SPECS, **FACT_SPECS, **PICTURE_SPECS}


class PlacedBlock(Value):
    """A block with its place in a file; `inner` are the blocks of the part that it includes."""

    file: str
    place: str
    spec: BlockSpec
    inner: tuple[PlacedBlock, ...] = ()


class IncludeSpec(Value, kw_only=True):
    """`include`: the blocks of a part, at this place."""

    part: str
    when: Expression = ""


class BlockReader:
    """Reads the blocks of the layouts of one folder; shared parts are read once."""

    def __init__(self, folder: Path, faults: Faults) -> None:
        self._faults = faults
        self._parts: Mapping[str, tuple[PlacedBlock, ...]] = {
            path.stem: tuple(self._part(path)) for path in sorted((folder / "parts").glob("*.toml"))
        }

    def read(self, file: str, tables: object) -> Iterator[PlacedBlock]:
        """The blocks of one file; faults are added to `faults`."""
        reader = TomlReader(file, self._faults)
        if not isinstance(tables, list) or not tables:
            self._faults.add(file, "", "chưa có khối nào", "mỗi khối là một bảng [[block]]")
            return
        for number, table in enumerate(tables, 1):
            kind = table.pop("type", "") if isinstance(table, dict) else ""
            read = self._include if kind == INCLUDE else self._block
            placed = read(reader, table, str(kind), number)
            if placed is not None:
                yield placed

    def _part(self, path: Path) -> Iterator[PlacedBlock]:
        name = f"parts/{path.name}"
        table = read_toml(path, name, self._faults) or {}
        for key in sorted(table.keys() - {"block"}):
            self._faults.unknown(name, "", "khoá", key, ("block",))
        blocks = table.get("block")
        for number, block in enumerate(blocks if isinstance(blocks, list) else (), 1):
            if isinstance(block, dict) and block.get("type") == INCLUDE:
                self._faults.add(name, f"khối {number}", "một phần dùng chung không gọi phần khác được")
                block["type"] = ""
        yield from self.read(name, blocks)

    def _block(self, reader: TomlReader, table: object, kind: str, number: int) -> PlacedBlock | None:
        if kind not in BLOCKS:
            known = (*BLOCKS, INCLUDE)
            reader.faults.unknown(reader.file, f"khối {number}", "loại khối", kind, known)
            return None
        place = f"khối {number} ({kind})"
        spec = reader.build(BLOCKS[kind], table, place)
        return PlacedBlock(reader.file, place, spec) if spec is not None else None

    def _include(self, reader: TomlReader, table: object, kind: str, number: int) -> PlacedBlock | None:
        place = f"khối {number} ({kind})"
        include = reader.build(IncludeSpec, table, place)
        if include is None:
            return None
        if include.part not in self._parts:
            reader.faults.unknown(reader.file, place, "phần dùng chung", include.part, self._parts)
            return None
        inner = self._parts[include.part]
        spec = GroupSpec(when=include.when, specs=tuple(placed.spec for placed in inner))
        return PlacedBlock(reader.file, f"khối {number} ({include.part})", spec, inner)
