"""Every bomb: its name, its door, how it is made, and the codes of the refusals that are right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.attacks.bombs import archives, invoices, pictures, small_files, spreadsheets, texts

_NO_PACKAGE = ("damaged", "foreign", "too_large")


class Bomb(NamedTuple):
    """One file at one door; `codes` are the refusals that are right."""

    name: str
    door: str
    make: Callable[[Path], Path]
    codes: tuple[str, ...]


def _all() -> Iterator[Bomb]:
    tables = (
        ("inspect", archives.ARCHIVES | archives.LOCKS, _NO_PACKAGE),
        (
            "inspect",
            {"junk: a gigabyte": texts.junk(b"x"), "junk: a gigabyte like a lock": texts.junk(_OLE)},
            _NO_PACKAGE,
        ),
        ("trust", {"trust: a gigabyte": texts.junk(b"PK\3\4")}, ("not_identity",)),
        ("rules", {"rules: a gigabyte": texts.junk(b"PK\3\4")}, ("not_rules",)),
        ("areas", {"areas: empty cells": archives.ARCHIVES["sheet: millions of empty cells"]}, ("bad_file",)),
        ("areas", {"areas: a million entries": archives.wide_directory}, ("bad_file",)),
        ("photo", pictures.PHOTOS | {"photo: a gigabyte": texts.junk(b"\xff\xd8\xff", ".jpg")}, ("photo",)),
        ("scan", pictures.SCANS | {"scan: a gigabyte": texts.junk(b"%PDF-1.7", ".pdf")}, ("scan_unreadable",)),
        ("scan", pictures.PAPERS, ("scan_unreadable",)),
        ("scan", pictures.HARMLESS, ("scan_unreadable", "taken")),
        ("law", texts.LAW_WORDS, ("law_text_size", "law_text_unsafe", "law_text_unreadable")),
        ("law", {f"law {name}": make for name, make in _law_papers()}, ("law_text_size", "law_text_unreadable")),
        ("form", texts.FORMS, ("word_form",)),
        ("table", texts.TABLES, ("bad_file", "too_many")),
        ("views", texts.VIEWS, ("bad_file",)),
        ("norms", texts.NORMS, ("bad_lines",)),
        ("settings", texts.SETTINGS, ("settings",)),
        ("attach", {"attach: a gigabyte": texts.junk(b"x", ".bin")}, ("attachment_too_large",)),
        ("typed", texts.WORDS_TYPED, ("taken",)),
        ("sheet", spreadsheets.HARMLESS, ("refused rows", "taken")),
        ("sheet", spreadsheets.SHEETS, ("bad_sheet", "no_headings", "no_rows", "empty_sheet", "refused rows")),
        ("offer", small_files.OFFERS, ("not_recovery_key",)),
        ("consent", small_files.CONSENTS, ("not_consent",)),
        ("rules", small_files.RULES, ("not_rules", "unknown_sender")),
        ("request", small_files.REQUESTS, ("not_recovery_file",)),
        ("answer", small_files.ANSWERS, ("not_recovery_file", "other_store")),
        ("update", small_files.UPDATES, _NO_UPDATE),
        (
            "map",
            _of_door("map", texts.VIEWS | small_files.TABLES_OF_TEXT),
            ("bad_map", "bad_file", "taken"),
        ),
        ("views", _of_door("views", small_files.TABLES_OF_TEXT), ("bad_file",)),
        ("invoice", invoices.INVOICES | _invoice_papers(), _NO_INVOICE),
        ("invoice", invoices.WITHIN, ("taken",)),
        *((door, _of_door(door, archives.ARCHIVES | archives.LOCKS), codes) for door, codes in _AS_PACKAGES.items()),
        ("totals", _of_door("totals", spreadsheets.HARMLESS | spreadsheets.SHEETS), _NO_TOTALS),
        ("own form", _of_door("own", texts.FORMS), ("bad_word_form", "word_form")),
        ("offered", _of_door("taken", small_files.OFFERS), ("not_recovery_key",)),
        ("installed", _of_door("installed", small_files.UPDATES), _NO_UPDATE),
        ("photo", pictures.METADATA, ("photo", "taken")),
        *((door, _pictures(door), codes) for door, codes in _SEEN.items()),
        ("open", texts.KEYS, ("damaged_store", "key_damaged", "wrong_passphrase", "foreign_store")),
        ("restore", {f"restore {name}": make for name, make in texts.KEYS.items()}, _NO_BACKUP),
    )
    for door, bombs, codes in tables:
        for name, make in bombs.items():
            yield Bomb(name, door, make, codes)


def _of_door(door: str, bombs: dict[str, Callable[[Path], Path]]) -> dict[str, Callable[[Path], Path]]:
    """Bombs that are known from another door."""
    return {f"{door} {name}": make for name, make in bombs.items()}


_NO_INVOICE = ("invoice_too_large", "invoice_unreadable", "invoice_unsafe", "not_an_invoice", "taken")


def _invoice_papers() -> dict[str, Callable[[Path], Path]]:
    papers = pictures.PAPERS | pictures.HARMLESS
    return _of_door("invoice", {name: make for name, make in papers.items() if name.startswith("pdf")})


_NO_UPDATE = ("no_update", "broken_update", "too_large", "unknown_publisher")
_NO_TOTALS = ("bad_sheet", "no_headings", "no_rows", "empty_sheet", "refused rows", "taken")
_AS_PACKAGES = {  # what opens a file as a package before anything is known of it
    "receipt": _NO_PACKAGE,
    "decisions": ("not_found", *_NO_PACKAGE),
    "edited": ("not_found",),
    "batch": ("batch", "damaged"),
    "laptop": ("not_a_package",),
}
_SEEN = {
    "card": ("scan_unreadable", "not_a_card", "bad_card"),
    "plate": ("scan_unreadable", "no_plate_code", "taken"),
    "ticked": ("scan_unreadable", "taken"),
}


def _pictures(door: str) -> dict[str, Callable[[Path], Path]]:
    tables = (pictures.PHOTOS, pictures.SCANS, pictures.PAPERS, pictures.HARMLESS, pictures.METADATA, pictures.CODES)
    return _of_door(door, {name: make for table in tables for name, make in table.items()})


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_BACKUP = ("damaged_backup", "key_damaged", "not_a_backup", "wrong_passphrase")


def _law_papers() -> Iterator[tuple[str, Callable[[Path], Path]]]:
    yield "tiff: 1,500 pages", pictures.tiff(1_500)
    for name in ("pdf: 10,000 pages", "pdf: a hundred thousand lists deep"):
        yield name, pictures.PAPERS[name]


BOMBS = tuple(_all())
