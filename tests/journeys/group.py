"""A group proposal with three sites, what is found at each, and papers read back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import docx
import pypdfium2

from kcdesk import text
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers import printing
from tests.services import samples

MINUTES = "minutes_5a"
COST = 190_000_000
SUPPORT = {"A": 66_000_000, "B": 67_000_000, "C": 67_000_000}

# Ties between dossiers, inner notes and what has its own place on paper: a tick, a heading, the name of the paper.
_ELSEWHERE = {
    *("proposal", "contract", "beneficiary", "previous", "activity", "model", "planned_on", "note", "signed_papers"),
    *("checklist/code", "checklist/group", "checklist/source", "checklist/result", "checklist/paper_form"),
    *("machines/is_new", "remedies/done", "participants/party", "opinions/party", "revisit_months"),
}


class Site(Value):
    """One site: its letter, and words that stand in no other dossier."""

    letter: str

    @property
    def name(self) -> str:
        """The site as the proposal names it."""
        return f"Xưởng {self.letter * 3}"

    @property
    def words(self) -> tuple[str, ...]:
        """What only the visit of this site says."""
        return (self.serial, f"Người Mẫu {self.letter}", self.work, self.opinion)

    @property
    def serial(self) -> str:
        """The serial number of its machine."""
        return f"SM{self.letter}0001"

    @property
    def work(self) -> str:
        """What was found to be done."""
        return f"Đã lắp máy {self.letter}"

    @property
    def opinion(self) -> str:
        """What the beneficiary says."""
        return f"Đề nghị {self.letter} sớm"

    @property
    def money(self) -> dict[str, int]:
        """Everything done and accepted."""
        own = COST - SUPPORT[self.letter]
        both = dict.fromkeys(("done", "accepted"), COST)
        return {**both, "accepted_support": SUPPORT[self.letter], "accepted_counterpart": own}


SITES = {letter: Site(letter) for letter in "ABC"}


def propose(workspace) -> str:
    """An approved group proposal with a final contract for each site."""
    owners = {letter: samples.beneficiary(workspace, name=f"Cơ sở Mẫu {letter}") for letter in SITES}
    budget = [_placed(_line(site), site) for site in SITES.values()]
    proposal = samples.approved(
        workspace,
        year=2026,
        scheme="group",
        beneficiaries=list(owners.values()),
        sites=[{"name": site.name, "beneficiary": owners[letter]} for letter, site in SITES.items()],
        machines=[_placed(_machine(site), site) for site in SITES.values()],
        budget=budget,
        starts_on="1/3/2026",
        ends_on="31/12/2026",
        issues_invoice=False,
    )
    for letter, site in SITES.items():
        samples.contract(
            workspace,
            proposal,
            number=f"0{letter}/HĐ",
            signed_on="5/3/2026",
            beneficiary=owners[letter],
            party_b=f"Cơ sở Mẫu {letter}",
            value=SUPPORT[letter],
            machines=[_machine(site)],
            budget=[_line(site)],
        )
    steps.take_step(workspace, proposal, "contract")
    return proposal


def _line(site: Site) -> dict[str, Any]:
    support = SUPPORT[site.letter]
    return {"item": f"Máy {site.letter}", "cost": COST, "local": support, "counterpart": COST - support}


def _placed(row: dict[str, Any], site: Site) -> dict[str, Any]:
    """A row of the proposal, which says at which site it is."""
    return {**row, "site": site.name}


def _machine(site: Site) -> dict[str, Any]:
    return {"name": f"Máy {site.letter}", "model": f"K-{site.letter}", "quantity": 1, "unit_price": COST}


# -- papers read back --------------------------------------------------------------------------------------------


def squashed(words: str) -> str:
    """Without white space: a paper breaks lines where it wants."""
    return "".join(words.split())


def paper(workspace, id_: str, document: str, folder: Path, *, blank: bool = False) -> str:
    """What a paper says, printed and read back; the file is `<document>.pdf`."""
    pdf = folder / f"{document}{'-blank' if blank else ''}.pdf"
    printing.print_record(workspace, id_, document, pdf, blank=blank)
    return read(pdf)


def read(pdf: Path) -> str:
    """The words of a PDF."""
    with pypdfium2.PdfDocument(pdf) as opened:
        return squashed(" ".join(page.get_textpage().get_text_bounded() for page in opened))


def word(workspace, id_: str, document: str, folder: Path) -> str:
    """The same from the file for Word, tables included."""
    file = folder / f"{document}.docx"
    printing.print_record(workspace, id_, document, folder / f"{document}-word.pdf", docx=file)
    return squashed("".join(docx.Document(file).element.body.itertext()))


def scan(pdf: Path) -> Path:
    """The paper as a scanner gives it back: pictures of 200 dots an inch in a PDF."""
    with pypdfium2.PdfDocument(pdf) as opened:
        pictures = [page.render(scale=200 / 72).to_pil().convert("L") for page in opened]
    path = pdf.with_suffix(".scan.pdf")
    pictures[0].save(path, save_all=True, append_images=pictures[1:], resolution=200)
    return path


def unprinted(workspace, id_: str, printed: str) -> list[tuple[str, Any]]:
    """The stored answers of a visit that a paper does not show."""
    record = workspace.store.record(id_)
    return [
        (path, value)
        for path, field, value in _answers(record)
        if path not in _ELSEWHERE and not any(squashed(form) in printed for form in _forms(workspace, field, value))
    ]


def _answers(record):
    for field in record.form.fields:
        if field.columns:
            for row in record.rows(field.name):
                for column in field.columns:
                    if column.name in row:
                        yield f"{field.name}/{column.name}", column, row[column.name]
        elif record.value(field.name) is not None and record.is_visible(field.name):
            yield field.name, field, record.value(field.name)


def _forms(workspace, field, value) -> tuple[str, ...]:
    if field.type == "date":
        day = date.fromisoformat(value)
        return (text.format_date(day), text.date_in_words(day))
    if field.type == "time":
        return (value.replace(":", " giờ "), value)
    words = type_of(field).paper(value, field, workspace.forms).removesuffix(f" {field.unit}")  # or in the heading
    # a local paper names no form of the national circular; a difference is said in words
    return (words, words.partition(" (theo Mẫu")[0], words.removeprefix("-"))
