"""The levels of offices, from `forms/levels.toml`: which decide, for whom, and who stands above whom."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from kcdesk import paths
from kcdesk.formdef.loading.toml_reader import Faults, TomlReader, read_toml
from kcdesk.formdef.model import MAKERS
from kcdesk.runtime.frozen import Value
from kcdesk.text import lower_first

FILE = "levels.toml"


class Level(Value, kw_only=True):
    """One level of offices."""

    name: str
    label: str  # «Cấp tỉnh»
    offer: str  # the entry of the first-start wizard
    help: str = ""
    decides: bool = False  # whether its word about a dossier counts for the offices below
    office: str = ""  # the entry of the shared list `office_levels` for its offices
    spans_provinces: bool = False  # whether it stands above several provinces
    source: str = ""
    unverified: bool = False

    @property
    def in_sentence(self) -> str:
        """The label within a sentence: «cấp tỉnh»; a name like «Cục» keeps its capital."""
        return lower_first(self.label) if " " in self.label else self.label


class Levels:
    """All levels, the lowest first."""

    def __init__(self, levels: tuple[Level, ...]) -> None:
        self.all = levels

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        return {level.name: rank for rank, level in enumerate(self.all)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names, the lowest first."""
        return tuple(level.name for level in self.all)

    @property
    def makers(self) -> Level:
        """The lowest level, whose offices make the dossiers."""
        return self.all[0]

    def of(self, name: str) -> Level:
        """The level with this name; for a name of another version the lowest one, which decides nothing."""
        return self.all[self._ranks.get(name, 0)]

    def decides(self, name: str) -> bool:
        """Whether the offices of a level decide about dossiers."""
        return self.of(name).decides

    def label(self, name: str) -> str:
        """The label of a level."""
        return self.of(name).label

    def is_above(self, name: str, other: str) -> bool:
        """Whether a level stands above another one."""
        return self._ranks.get(name, 0) > self._ranks.get(other, 0)

    def hands_over_to(self, name: str, other: str) -> bool:
        """Whether offices of a level hand over to another: from below, or from beside if that decides nothing."""
        return self.is_above(other, name) or (self.of(name) is self.of(other) and not self.decides(other))

    def up_to(self, name: str) -> frozenset[str]:
        """The levels whose steps an office may pass on: its own and those below."""
        return frozenset(self.names[: self._ranks.get(name, 0) + 1])

    def deciding_above(self, name: str) -> Level | None:
        """The next level above that decides; None at the top."""
        above = self.all[self._ranks.get(name, 0) + 1 :]
        return next((level for level in above if level.decides), None)

    @property
    def first_deciding(self) -> Level:
        """The lowest level that decides; the lowest of all if none does."""
        return next((level for level in self.all if level.decides), self.makers)

    def spans_provinces(self, name: str) -> bool:
        """Whether the offices of a level stand above several provinces."""
        return self.of(name).spans_provinces

    def speaks_for(self, name: str, province: str, other_province: str) -> bool:
        """Whether an office of a level and a province speaks for offices of another province."""
        return self.spans_provinces(name) or province == other_province


class LevelsFile(Value, kw_only=True):
    """The content of `forms/levels.toml`."""

    levels: tuple[Level, ...] = ()


def read_levels(folder: Path, faults: Faults) -> Levels:
    """The levels of a folder, those of the program where it has no such file (rules of an earlier version)."""
    path = folder / FILE if (folder / FILE).exists() else paths.forms() / FILE
    table = read_toml(path, FILE, faults)
    read = TomlReader(FILE, faults).build_whole(LevelsFile, table) if table is not None else None
    names = [level.name for level in read.levels] if read else []
    if read and names[:1] != [MAKERS]:
        faults.add(FILE, "", f"cấp đầu tiên phải là “{MAKERS}”")
    for name in {name for name in names if names.count(name) > 1}:
        faults.add(FILE, name, "cấp này có hai lần")
    return Levels(read.levels if read and read.levels else (Level(name=MAKERS, label=MAKERS, offer=MAKERS),))
