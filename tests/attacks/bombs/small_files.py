"""The small files that travel between offices, updates of the program, and texts of tables: bombs of each."""

from __future__ import annotations

import base64
import json
import random
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kcdesk.exchange.container.manifest import canonical
from kcdesk.exchange.container.signing import public_key, sign
from tests.attacks.bombs import archives
from tests.attacks.bombs.texts import text
from tests.services.updating.signed_updates import UpdateMaker

Make = Callable[[Path], Path]
_LONG = 90_000_000  # letters that a zip packs into 100 kB


@cache
def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"s" * 32)


def page(root: str, content: str, signature: bytes = b"") -> Make:
    """A workbook with a signed page: the XML of its part, with this content."""
    xml = (
        f'<{root} xmlns="urn:kcdesk:{root.replace("_", "-")}"><content>{content}</content>'
        f"<signature>{base64.b64encode(signature).decode()}</signature></{root}>"
    )
    return part(xml.encode())


def part(xml: bytes) -> Make:
    """A workbook with this custom part, packed."""

    def make(path: Path) -> Path:
        made = archives.workbook("<sheetData/>", more={"customXml/item1.xml": xml})(path)
        with zipfile.ZipFile(made) as plain:
            parts = {name: plain.read(name) for name in plain.namelist()}
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in parts.items():
                packed.writestr(name, content)
        return made

    return make


def _badly_packed() -> str:
    """90 MB of text that a zip packs into 0.9: as badly as is not refused at once."""
    return base64.b64encode(random.Random(1).randbytes(650_000)).decode() + " " * (_LONG - 1_000_000)


def _pages(root: str) -> dict[str, Make]:
    return {
        "a text of 90 MB": lambda path: page(root, " " * _LONG)(path),
        "a text of 90 MB that is packed badly": lambda path: page(root, _badly_packed())(path),
        "400,000 elements": lambda path: page(root, "<a/>" * 390_000 + _badly_packed()[:3_000_000])(path),
        "a text of 9 MB": lambda path: page(root, "a" * 9_000_000)(path),
        "JSON a million lists deep": lambda path: page(root, "[" * 1_000_000 + "]" * 1_000_000)(path),
        "a number of a million digits": lambda path: page(root, "[" + "9" * 1_000_000 + "]")(path),
        "millions of values": lambda path: page(root, "[" + "1," * 4_000_000 + "1]")(path),
        "a key again and again": lambda path: page(root, '{"a":1' + ',"a":1' * 700_000 + "}")(path),
        "a signature of 9 MB": lambda path: page(root, "{}", bytes(7_000_000))(path),
        "billion laughs": lambda path: part(archives.laughs())(path),
        "a tree of millions": lambda path: part(b"<a>" + b"<b/>" * 5_000_000 + b"</a>")(path),
    }


OFFERS = {f"offer: {name}": make for name, make in _pages("recovery_key").items()}
CONSENTS = {f"consent: {name}": make for name, make in _pages("recovery_consent").items()}
RULES = {f"rules: {name}": make for name, make in _pages("rules").items()}


def signed_rules(files: dict[str, str]) -> Make:
    """A file of rules that a stranger has signed."""
    about: dict[str, Any] = dict.fromkeys(("unit", "name", "officer", "program", "note"), "X")
    about |= {"id": "1", "level": "province", "province": "20", "practice": True, "key": public_key(_key())}
    about |= {"made_at": "2026-11-30T08:00:00+07:00"}
    content = canonical(about | {"files": files})
    escaped = content.decode().replace("&", "&amp;").replace("<", "&lt;")
    return page("rules", escaped, sign(_key(), "rules", content))


RULES |= {
    "rules: a table of 3 MB": lambda path: signed_rules(
        {"norms/a.toml": "".join(f"a{number}.b.c = 1\n" for number in range(180_000))}
    )(path),
    "rules: five thousand files": lambda path: signed_rules(
        {f"norms/a{number}.toml": "a = 1\n" * 1 for number in range(5_000)}
    )(path),
    "rules: a hundred files of 60 kB": lambda path: signed_rules(
        {f"norms/a{number}.toml": "".join(f"a{line}.b = 1\n" for line in range(5_000)) for number in range(100)}
    )(path),
    "rules: tables deep in tables": lambda path: signed_rules({"norms/a.toml": "a = " + "[" * 90_000})(path),
    "rules: a name of dots": lambda path: signed_rules({"norms/a.toml": "a" + ".b" * 90_000 + " = 1"})(path),
    "rules: a shipped form with 20,000 fields": lambda path: signed_rules(
        {"proposal.toml": "".join(f'[[field]]\nname = "a{number}"\n' for number in range(20_000))}
    )(path),
}


def _json(kind: str, values: Any) -> str:
    return json.dumps({"kcdesk": kind, "values": values})


def _keys(kind: str) -> dict[str, Make]:
    return {
        "a gigabyte": lambda path: archives.zeros(path),
        "a list deep": lambda path: text(".json", "[" * 8_000 + "]" * 8_000)(path),
        "a number of 16,000 digits": lambda path: text(".json", f'{{"kcdesk": "{kind}", "values": {"9" * 16_000}}}')(
            path
        ),
        "values of another kind": lambda path: text(".json", _json(kind, [{}] * 3_000))(path),
        "costs without end": lambda path: text(
            ".json",
            _json(
                kind,
                {
                    "id": "a",
                    "store": "a",
                    "wrapped": {"n": 1 << 40, "r": 1 << 20, "p": 200, "salt": "00", "key": "00" * 40},
                },
            ),
        )(path),
    }


REQUESTS = {f"request: {name}": make for name, make in _keys("request").items()}
ANSWERS = {f"answer: {name}": make for name, make in _keys("answer").items()}


def _update(**values: Any) -> Make:
    return lambda path: UpdateMaker(_key(), values=values).write(path.with_suffix(".kcupdate"))


def _unsigned(name: str, content: bytes, packing: int = zipfile.ZIP_DEFLATED) -> Make:
    def make(path: Path) -> Path:
        parts = {"update.json": b"{}", "update.json.minisig": b""} | {name: content}
        with zipfile.ZipFile(path.with_suffix(".kcupdate"), "w", packing) as archive:
            for each, written in parts.items():
                archive.writestr(each, written)
        return path.with_suffix(".kcupdate")

    return make


UPDATES: dict[str, Make] = {
    "update: a description of 90 MB": lambda path: _unsigned("update.json", b" " * _LONG)(path),
    "update: a description of 7 MB": lambda path: _unsigned("update.json", b"[" * 7_000_000)(path),
    "update: a signature of 90 MB": lambda path: _unsigned("update.json.minisig", b"a" * _LONG)(path),
    "update: a signature of lines": lambda path: _unsigned("update.json.minisig", b"\n" * 4_000)(path),
    "update: by nobody known": lambda path: _update()(path),
} | {f"update {name}": make for name, make in archives.ARCHIVES.items() if name.startswith("zip")}
TABLES_OF_TEXT: dict[str, Make] = {
    "toml: 7 MB of names": lambda path: text(".toml", "".join(f"a{n}.b.c = 1\n" for n in range(450_000)))(path),
    "toml: 7 MB of tables": lambda path: text(".toml", "[[a]]\n" * 1_200_000)(path),
    "toml: 7 MB of a list": lambda path: text(".toml", "a = [" + "1," * 3_500_000 + "]")(path),
    "toml: names of 190 parts": lambda path: text(".toml", "".join(f"a{'.b' * 190}.c{n} = 1\n" for n in range(18_000)))(
        path
    ),
    "toml: a text of marks": lambda path: text(".toml", 'kind = "a' + "\u0301\u0323" * 400_000 + '"')(path),
    "toml: a day of the year 9999": lambda path: text(".toml", "a = 9999-12-31T23:59:60Z\n")(path),
    "toml: a hundred thousand columns": lambda path: text(
        ".toml", "[columns]\n" + "".join(f'c{n} = "name"\n' for n in range(60_000))
    )(path),
    "toml: headings of a million rows": lambda path: text(".toml", "headings = [" + "1," * 400_000 + "]")(path),
}
