"""Forms whose sections are in several files: `proposal.toml` and the parts in the folder `proposal`."""

from __future__ import annotations

from collections.abc import Sequence

from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.formdef.model import Form, FormPart, Section
from kcdesk.runtime.frozen import Value, replace


class PartFile(Value):
    """A part of a form and its file, which is named in faults."""

    file: str
    part: FormPart


def merged(form: Form, file: str, parts: Sequence[PartFile], faults: Faults) -> Form:
    """The form with the sections of its parts inserted, in the order of their files, after the sections that they name.

    It is a fault of a part if it names an unknown section, or repeats a section or field of another file.
    """
    owners = {**{section.id: file for section in form.sections}, **{f"/{field.name}": file for field in form.fields}}
    own = [section.id for section in form.sections]
    following: dict[str, list[Section]] = {}
    for part in parts:
        if part.part.after not in own:
            faults.unknown(part.file, "", "after: phần", part.part.after, own)
        following.setdefault(part.part.after, []).extend(
            section for section in part.part.sections if _is_new(section, part.file, owners, faults)
        )
    sections = [entry for section in form.sections for entry in (section, *following.get(section.id, ()))]
    checks = (*form.checks, *(check for part in parts for check in part.part.checks))
    return replace(form, sections=tuple(sections), checks=checks) if parts else form


def _is_new(section: Section, file: str, owners: dict[str, str], faults: Faults) -> bool:
    """Whether no other file has this section or a field of it; enters them in `owners` as those of this file."""
    names = {section.id: "phần", **{f"/{field.name}": "ô" for field in section.fields}}
    repeated = {name: owners[name] for name in names if owners.get(name, file) != file}
    for name, owner in repeated.items():
        shown = name.removeprefix("/")
        faults.add(
            file, f"{section.id}{name if name != section.id else ''}", f"{names[name]} “{shown}” đã có trong {owner}"
        )
    owners.update(dict.fromkeys(names.keys() - repeated.keys(), file))
    return not repeated
