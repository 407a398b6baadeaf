"""The sentences that an office adds to those offered while typing, and those it does not want; kept in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.services.workspace import Workspace

_SETTING = "phrases"
_LONGEST, _MOST = 300, 100  # letters of a sentence, sentences of a field


@dataclass(frozen=True, slots=True)
class OwnPhrases:
    """Sentences by the field that offers them (`acceptance.effect`)."""

    added: Mapping[str, list[str]] = field(default_factory=dict)
    unwanted: Mapping[str, list[str]] = field(default_factory=dict)

    def get(self, name: str) -> list[str]:
        """The sentences that were added for a field."""
        return self.added.get(name, [])

    def unwanted_of(self, name: str) -> list[str]:
        """The sentences that the field does not offer."""
        return self.unwanted.get(name, [])


def own_phrases(workspace: Workspace) -> OwnPhrases:
    """What the office has added and removed."""
    return OwnPhrases(**workspace.store.setting(_SETTING, {}))


def keep_phrases(workspace: Workspace, name: str, added: Iterable[str], unwanted: Iterable[str]) -> None:
    """Keep the sentences of a field, one a line; UserError for an unknown field, too many or too long ones."""
    if name not in workspace.phrases.fields:
        raise UserError(f"Ô “{name}” không có câu gợi ý.", code="no_phrases")
    listed, removed = _cleaned(added), _cleaned(unwanted)
    own = own_phrases(workspace)
    kept = OwnPhrases({**own.added, name: listed}, {**own.unwanted, name: removed})
    workspace.store.set_setting(_SETTING, asdict(kept))


def forget_phrase(workspace: Workspace, name: str, sentence: str) -> None:
    """Offer a sentence no longer in a field: remove it if it was added, and do not learn it again."""
    own, key = own_phrases(workspace), text.fold(sentence)
    added = [kept for kept in own.get(name) if text.fold(kept) != key]
    keep_phrases(workspace, name, added, [*own.unwanted_of(name), sentence])


def _cleaned(sentences: Iterable[str]) -> list[str]:
    lines = [" ".join(text.clean(sentence).split()) for sentence in sentences]
    cleaned = list({text.fold(line): line for line in reversed(lines) if line}.values())[::-1]
    if too_long := next((line for line in cleaned if len(line) > _LONGEST), ""):
        raise UserError(f"Câu «{too_long[:40]}…» dài hơn {_LONGEST} chữ; hãy viết ngắn lại.", code="phrase_too_long")
    if len(cleaned) > _MOST:
        raise UserError(f"Có {len(cleaned)} câu, nhiều nhất là {_MOST}; hãy bớt đi.", code="too_many_phrases")
    return cleaned
