"""Reads the register: `law.toml`, which comes with the program, and `law/*.toml`, which offices write over it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from kcdesk.formdef.law.checks import LawCheck, check_checks
from kcdesk.formdef.law.instruments import LAW, Instrument, check_instruments
from kcdesk.formdef.loading.toml_reader import Faults, TomlReader, read_toml
from kcdesk.runtime.frozen import Value, field, replace

LAW_FOLDER = "law"  # what offices have entered and compared, a file for each office


class InstrumentsFile(Value, kw_only=True):
    """The content of `law.toml`, or of a file in `law/`."""

    instruments: tuple[Instrument, ...] = ()
    checks: tuple[LawCheck, ...] = ()


LawContent: TypeAlias = tuple[str, InstrumentsFile]  # a file by its name


class LawFiles(Value):
    """The instruments and comparisons of a folder of definitions; `files` says where each instrument stands."""

    instruments: tuple[Instrument, ...] = ()
    checks: tuple[LawCheck, ...] = ()
    files: dict[str, str] = field(default_factory=dict)


def read_law(folder: Path, faults: Faults, *, without: str = "") -> LawFiles:
    """The register of a folder, as `joined_law` puts it together."""
    return joined_law(law_contents(folder, faults), faults, without=without)


def joined_law(contents: Iterable[LawContent], faults: Faults, *, without: str = "") -> LawFiles:
    """The register in the order of its files; what an office says of an instrument takes its place.

    `without` is the name of a file that is left out.
    """
    instruments: dict[str, Instrument] = {}
    checks: list[LawCheck] = []
    files: dict[str, str] = {}
    for name, content in (entry for entry in contents if entry[0] != without):
        for number, times in Counter(entry.id for entry in content.instruments).items():
            if times > 1:
                faults.add(name, number, "số hiệu này có hai lần")
        for entry in content.instruments:
            own = entry if name == LAW else replace(entry, added_by=entry.added_by or Path(name).stem)
            instruments[entry.id] = _as_before(own, instruments.get(entry.id)) if name != LAW else own
            files[entry.id] = name
        checks += content.checks
    return LawFiles(tuple(instruments.values()), tuple(checks), files)


def overlaid(instruments: Iterable[Instrument], own: Iterable[Instrument]) -> tuple[Instrument, ...]:
    """The instruments with other ones in the place of those of the same number, and the rest at the end."""
    by_id = {entry.id: entry for entry in instruments}
    return tuple((by_id | {entry.id: _as_before(entry, by_id.get(entry.id)) for entry in own}).values())


def _as_before(entry: Instrument, shipped: Instrument | None) -> Instrument:
    """What an office says of an instrument, with what only the program knows of it."""
    if shipped is None:
        return entry
    entry = replace(entry, programme=shipped.programme, forms_unseen=shipped.forms_unseen)
    return replace(entry, transitions=entry.transitions or shipped.transitions)


def check_law(law: LawFiles, faults: Faults) -> None:
    """Check that the register agrees with itself."""
    check_instruments(law.instruments, faults, law.files)
    check_checks(law.checks, {entry.id: entry for entry in law.instruments}, LAW_FOLDER, faults)


def is_law_file(name: str) -> bool:
    """Whether a file of definitions, by its name in the folder, belongs to the register."""
    return name == LAW or name.startswith(f"{LAW_FOLDER}/")


def law_contents(folder: Path, faults: Faults) -> Iterator[LawContent]:
    """Each file of the register by its name in the folder, and what it says."""
    for name in (LAW, *sorted(f"{LAW_FOLDER}/{path.name}" for path in (folder / LAW_FOLDER).glob("*.toml"))):
        path = folder / name
        table = read_toml(path, name, faults) if path.exists() else None
        read = TomlReader(name, faults).build_whole(InstrumentsFile, table) if table is not None else None
        if read is not None:
            yield name, read
