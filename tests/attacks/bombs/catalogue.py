"""Every bomb: its name, its door, how it is made, and the codes of the refusals that are right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.attacks.bombs import archives, pictures, spreadsheets, texts

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
        ("open", texts.KEYS, ("damaged_store", "key_damaged", "wrong_passphrase", "foreign_store")),
        ("restore", {f"restore {name}": make for name, make in texts.KEYS.items()}, _NO_BACKUP),
    )
    for door, bombs, codes in tables:
        for name, make in bombs.items():
            yield Bomb(name, door, make, codes)


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_BACKUP = ("damaged_backup", "key_damaged", "not_a_backup", "wrong_passphrase")


def _law_papers() -> Iterator[tuple[str, Callable[[Path], Path]]]:
    yield "tiff: 1,500 pages", pictures.tiff(1_500)
    for name in ("pdf: 10,000 pages", "pdf: a hundred thousand lists deep"):
        yield name, pictures.PAPERS[name]


BOMBS = tuple(_all())
