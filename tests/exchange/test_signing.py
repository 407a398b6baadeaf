"""Keys are made once, signatures hold for one purpose and one content only."""

import pytest

from kcdesk.exchange.container import signing


class Safe(dict):
    def secret(self, name):
        return self.get(name, b"")

    def set_secret(self, name, value):
        self[name] = value


@pytest.fixture
def key():
    return signing.signing_key(Safe())


def test_the_key_is_made_on_first_use_and_then_stays():
    safe = Safe()

    first = signing.public_key(signing.signing_key(safe))

    assert signing.public_key(signing.signing_key(safe)) == first
    assert signing.public_key(signing.signing_key(Safe())) != first


def test_a_store_keeps_its_key(sender):
    assert signing.public_key(signing.signing_key(sender)) == signing.public_key(signing.signing_key(sender))


def test_a_signature_holds_for_its_content_and_purpose_alone(key):
    public, signature = signing.public_key(key), signing.sign(key, "manifest", b"content")

    assert signing.verify(public, "manifest", b"content", signature)
    assert not signing.verify(public, "seal", b"content", signature)
    assert not signing.verify(public, "manifest", b"Content", signature)
    assert not signing.verify(public, "manifest", b"content", signature[:-1])
    assert not signing.verify(signing.public_key(signing.signing_key(Safe())), "manifest", b"content", signature)


@pytest.mark.parametrize("public", ["", "không phải khoá", "AAAA", "ä" * 44])
def test_what_is_no_key_verifies_nothing(key, public):
    assert not signing.verify(public, "seal", b"x", signing.sign(key, "seal", b"x"))


def test_the_fingerprint_can_be_read_out(key):
    groups = signing.fingerprint(signing.public_key(key)).split(" ")

    assert [len(group) for group in groups] == [5] * 6
    assert all(group.isdecimal() for group in groups)
    assert signing.fingerprint("x") != signing.fingerprint("y")
