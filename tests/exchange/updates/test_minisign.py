"""Signatures of minisign, against files that the tool itself has written (tests/data/minisign)."""

import base64
from pathlib import Path

import pytest

from kcdesk.exchange.updates import minisign

DATA = Path(__file__).parent.parent.parent / "data" / "minisign"
CONTENT = (DATA / "m.bin").read_bytes()


def _text(name: str) -> str:
    return (DATA / name).read_text("utf-8")


def _key(name: str = "test.pub") -> minisign.PublicKey:
    return minisign.public_key(_text(name))


@pytest.mark.parametrize(("name", "comment"), [("m.bin.minisig", "kcdesk 0.2.0"), ("m.legacy.minisig", "legacy")])
def test_what_the_tool_has_signed_is_accepted(name, comment):
    signature = minisign.detached_signature(_text(name))
    minisign.refuse_forged(_key(), signature, CONTENT)
    assert signature.comment == comment
    assert signature.key_name == _key().name


def _replaced(text: str, line: int, new: str) -> str:
    lines = text.splitlines()
    lines[line] = new
    return "\n".join(lines) + "\n"


def _flipped(line: str, place: int) -> str:
    content = bytearray(base64.b64decode(line))
    content[place] ^= 1
    return base64.b64encode(content).decode()


@pytest.mark.parametrize("name", ["m.bin.minisig", "m.legacy.minisig"])
def test_any_change_is_noticed(name):
    text = _text(name)
    lines = text.splitlines()
    forged = [
        _replaced(text, 1, _flipped(lines[1], 20)),
        _replaced(text, 1, _flipped(lines[1], 5)),  # the name of the key
        _replaced(text, 2, "trusted comment: kcdesk 9.9.9"),
        _replaced(text, 3, _flipped(lines[3], 0)),
    ]
    for changed in forged:
        with pytest.raises(minisign.ForgedSignatureError):
            minisign.refuse_forged(_key(), minisign.detached_signature(changed), CONTENT)
    with pytest.raises(minisign.ForgedSignatureError):
        minisign.refuse_forged(_key(), minisign.detached_signature(text), CONTENT + b" ")
    with pytest.raises(minisign.ForgedSignatureError):
        minisign.refuse_forged(_key("other.pub"), minisign.detached_signature(text), CONTENT)


def test_the_untrusted_comment_is_not_signed():
    changed = _replaced(_text("m.bin.minisig"), 0, "untrusted comment: anything")
    signature = minisign.detached_signature(changed)
    minisign.refuse_forged(_key(), signature, CONTENT)
    assert signature.comment == "kcdesk 0.2.0"


@pytest.mark.parametrize(
    "text", ["", "x", "untrusted comment: a\nRWQ=\ntrusted comment: b\nRWQ=\n", "\n\n\n\n", "a\nb\nc\nd"]
)
def test_what_is_no_signature_and_no_key_is_refused(text):
    for read in (minisign.detached_signature, minisign.public_key):
        with pytest.raises(minisign.MinisignError):
            read(text)
