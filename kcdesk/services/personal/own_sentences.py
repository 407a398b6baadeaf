"""The office's own sentences (`services/phrases/own_phrases`) that name a person: found, and taken out as a whole.

They belong to no dossier, so no period of keeping holds them. What was taken out is noted outside of the store too, by
its hash, so that an older copy is cleaned again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping

from kcdesk import text
from kcdesk.formdef.regulations.phrases import labels_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.personal.naming import PersonWords
from kcdesk.services.phrases import own_phrases
from kcdesk.services.workspace import Workspace
from kcdesk.store.personal.wiping import MARK
from kcdesk.store.safety import location

_NOTE = "erased_sentences"  # the name under which this machine notes the hashes for a store
_ADDED, _UNWANTED = "câu của đơn vị", "câu không gợi ý nữa"


class OwnSentence(Value):
    """A sentence of the office, the field that offers it, and in which of both lists it stands."""

    text: str
    label: str
    where: str


def naming(workspace: Workspace, wanted: PersonWords) -> list[OwnSentence]:
    """The sentences that name a person, each list of each field in its order."""
    own = own_phrases.own_phrases(workspace)
    return [
        OwnSentence(sentence, _label(workspace, name), where)
        for where, lists in ((_ADDED, own.added), (_UNWANTED, own.unwanted))
        for name, sentences in lists.items()
        for sentence in sentences
        if wanted.is_within(sentence)
    ]


def erase(workspace: Workspace, sentences: Collection[str]) -> int:
    """Take sentences out of all lists, and those of which an erasure has left a part; returns how many went."""
    gone = {text.fold(sentence) for sentence in sentences}
    removed = _remove(workspace, lambda sentence: text.fold(sentence) in gone or MARK in sentence)
    noted = location.noted_of_store(workspace.identity.store_id, _NOTE) or []
    if new := [hash_ for hash_ in map(_hash, sentences) if hash_ not in noted]:
        location.note_of_store(workspace.identity.store_id, _NOTE, [*noted, *dict.fromkeys(new)])
    return removed


def erase_again(workspace: Workspace) -> int:
    """Take out of a restored copy what was taken out after it was made; returns how many went."""
    noted = set(location.noted_of_store(workspace.identity.store_id, _NOTE) or ())
    return _remove(workspace, lambda sentence: MARK in sentence or _hash(sentence) in noted)


def _remove(workspace: Workspace, goes: Callable[[str], bool]) -> int:
    own = own_phrases.own_phrases(workspace)
    removed = sum(goes(each) for lists in (own.added, own.unwanted) for part in lists.values() for each in part)
    if removed:
        kept = own_phrases.OwnPhrases(_without(own.added, goes), _without(own.unwanted, goes))
        own_phrases.replace_phrases(workspace, kept)
    return removed


def _without(lists: Mapping[str, list[str]], goes: Callable[[str], bool]) -> dict[str, list[str]]:
    return {name: [sentence for sentence in sentences if not goes(sentence)] for name, sentences in lists.items()}


def _hash(sentence: str) -> str:
    return hashlib.sha256(text.fold(sentence).encode()).hexdigest()


def _label(workspace: Workspace, name: str) -> str:
    known = name in workspace.phrases.fields
    return " · ".join(labels_of(name, workspace.forms)) if known else name
