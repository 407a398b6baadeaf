"""The sentences that an office adds to those offered while typing, and those it does not want; kept in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value, asdict, field
from kcdesk.services.workspace import Workspace

_SETTING = "phrases"
Typed = tuple[Iterable[str], Iterable[str]]  # sentences of a field: those added, those not wanted
_LONGEST, _MOST = 300, 100  # letters of a sentence, sentences of a field


class OwnPhrases(Value):
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


def keep_phrases(workspace: Workspace, typed: Mapping[str, Typed]) -> None:
    """Keep the sentences of some fields; UserError for an unknown field, too many or too long ones: nothing is kept."""
    if wrong := next((name for name in typed if name not in workspace.phrases.fields), ""):
        raise UserError(f"Ô “{wrong}” không có câu gợi ý.", code="no_phrases")
    own = own_phrases(workspace)
    added = {name: _cleaned(sentences) for name, (sentences, _unwanted) in typed.items()}
    unwanted = {name: _cleaned(sentences) for name, (_added, sentences) in typed.items()}
    replace_phrases(workspace, OwnPhrases({**own.added, **added}, {**own.unwanted, **unwanted}))


def replace_phrases(workspace: Workspace, phrases: OwnPhrases) -> None:
    """Keep these sentences in place of all."""
    workspace.store.set_setting(_SETTING, asdict(phrases))


def forget_phrase(workspace: Workspace, name: str, sentence: str) -> None:
    """Offer a sentence no longer in a field: remove it if it was added, and do not learn it again."""
    own, key = own_phrases(workspace), text.fold(sentence)
    added = [kept for kept in own.get(name) if text.fold(kept) != key]
    unwanted = [*own.unwanted_of(name), sentence][-_MOST:]
    keep_phrases(workspace, {name: (added, unwanted)})


def _cleaned(sentences: Iterable[str]) -> list[str]:
    lines = [" ".join(text.clean(sentence).split()) for sentence in sentences]
    cleaned = list({text.fold(line): line for line in reversed(lines) if line}.values())[::-1]
    if too_long := next((line for line in cleaned if len(line) > _LONGEST), ""):
        raise UserError(f"Câu «{too_long[:40]}…» dài hơn {_LONGEST} chữ; hãy viết ngắn lại.", code="phrase_too_long")
    if len(cleaned) > _MOST:
        raise UserError(f"Có {len(cleaned)} câu, nhiều nhất là {_MOST}; hãy bớt đi.", code="too_many_phrases")
    return cleaned
