"""The signed manifest says what it said, or it is refused."""

import base64
import json

import pytest
from lxml import etree

from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import (
    FORMAT,
    NAMESPACE,
    ManifestError,
    NewerFormatError,
    canonical,
    read_part,
    write_part,
)
from kcdesk.runtime.frozen import replace
from tests.exchange.test_signing import Safe


@pytest.fixture
def key():
    return signing.signing_key(Safe())


def part_of(values, key):
    """A part with any JSON, rightly signed."""
    root = etree.Element(f"{{{NAMESPACE}}}package")
    content = canonical(values)
    signature = signing.sign(key, "manifest", content)
    for name, text in (
        ("manifest", content.decode()),
        ("key", signing.public_key(key)),
        ("signature", base64.b64encode(signature).decode()),
    ):
        etree.SubElement(root, f"{{{NAMESPACE}}}{name}").text = text
    return root


def test_it_comes_back_as_it_was(sent, key):
    manifest = replace(sent.manifest, period="Quý I & < > 😀")

    signed = read_part(etree.fromstring(write_part(manifest, key)))

    assert signed.manifest == manifest
    assert signed.key == signing.public_key(key)


def test_another_word_breaks_the_signature(sent, key):
    part = write_part(sent.manifest, key).replace(b"2026-Q1", b"2026-Q2")

    with pytest.raises(ManifestError):
        read_part(etree.fromstring(part))


def test_a_newer_format_is_told_even_where_its_signature_means_nothing_to_us():
    root = etree.Element(f"{{{NAMESPACE}}}package")
    etree.SubElement(root, f"{{{NAMESPACE}}}manifest").text = json.dumps({"format": FORMAT + 1})

    with pytest.raises(NewerFormatError):
        read_part(root)


@pytest.mark.parametrize(
    "change",
    [
        {"parts": []},
        {"counts": {"thing": "1"}},
        {"practice": 1},
        {"attachments": [{"sha256": "x"}]},
        {"sender": None},
        {"unheard_of": True},
        {"forms": [1]},
        {"format": True},
    ],
)
def test_a_signed_manifest_of_a_strange_shape_is_refused(sent, key, change):
    with pytest.raises(ManifestError):
        read_part(part_of({**json.loads(sent.manifest.to_json()), **change}, key))


@pytest.mark.parametrize("values", [[], "text", 5, None])
def test_json_that_is_no_manifest_is_refused(key, values):
    with pytest.raises(ManifestError):
        read_part(part_of(values, key))


def test_an_empty_part_is_refused():
    with pytest.raises(ManifestError):
        read_part(etree.Element(f"{{{NAMESPACE}}}package"))
