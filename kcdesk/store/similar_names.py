"""Search for names that are nearly the same: "Cty TNHH Minh Phát", "Công ty trách nhiệm hữu hạn Minh Phát"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kcdesk import text
from kcdesk.formdef.forms import Forms
from kcdesk.runtime.frozen import Value
from kcdesk.store import search
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.former_values import FormerValue, former_values
from kcdesk.store.stored_record import COLUMNS, StoredRecord

# Folded, longer terms first. Abbreviations of trades (tm, dv, sx) are included: neither legal form nor trade tells two
# establishments apart.
_LEGAL_FORMS = (
    "trach nhiem huu han",
    "doanh nghiep tu nhan",
    "lien hiep hop tac xa",
    "mot thanh vien",
    "hai thanh vien",
    "hop tac xa",
    "to hop tac",
    "ho kinh doanh",
    "co so san xuat",
    "hop danh",
    "doanh nghiep",
    "chi nhanh",
    "co phan",
    "cong ty",
    "co so",
    "tnhh",
    "dntn",
    "lhhtx",
    "ctcp",
    "htx",
    "hkd",
    "dn",
    "thv",
    "1tv",
    "2tv",
    "mtv",
    "tm",
    "dv",
    "sx",
    "cty",
    "ct",
    "cp",
    "tv",
)
_LEGAL_FORM = re.compile(rf"\b(?:{'|'.join(_LEGAL_FORMS)})\b")

_RAREST = 3  # number of words of a name by which candidates are searched
_MAX_CANDIDATES = 400
_Key = tuple[int, int]  # `seq`, and the place among the former names; -1 for today's
_MIN_SCORE = 80  # of 100
_MIN_JOINED = 94  # of names without their spaces: «Hưng Thịnh», «HưngThịnh»


def bare_name(name: str) -> str:
    """The folded name without its legal form; the whole folded name if nothing else remains."""
    folded = " ".join(text.tokens(name))
    return " ".join(_LEGAL_FORM.sub(" ", folded).split()) or folded


class SimilarName(Value):
    """A record with nearly the same name; `former` is the name that is meant if it is not today's."""

    record: StoredRecord
    former: FormerValue | None = None


def near(connection: Connection, forms: Forms, kind: str, field: str, name: str, limit: int) -> list[SimilarName]:
    """The records, not deleted, whose `field` is or was nearly the same as `name`, nearest first."""
    wanted = bare_name(name)
    if not wanted:
        return []
    names, former = _candidates(connection, forms, kind, field, wanted)
    bare_names: dict[_Key, str] = {(seq, -1): bare_name(candidate) for seq, candidate in names.items()}
    for seq, values in former.items():
        bare_names |= {(seq, place): bare_name(str(earlier.value)) for place, earlier in enumerate(values)}
    nearest: dict[int, int] = {}
    for seq, place in _by_likeness(wanted, bare_names, limit):
        nearest.setdefault(seq, place)
    order = list(nearest)[:limit]
    records = {record.seq: record for record in _records(connection, order)}
    return [SimilarName(records[seq], former[seq][nearest[seq]] if nearest[seq] >= 0 else None) for seq in order]


def _by_likeness(wanted: str, bare_names: Mapping[_Key, str], limit: int) -> list[_Key]:
    """The keys of the names that are nearly the same as `wanted`, with their words in any order or without spaces."""
    from rapidfuzz import fuzz, process  # only a comparison of names pays for it

    scores: dict[_Key, float] = {}
    for scorer, joined, least in ((fuzz.token_sort_ratio, " ", _MIN_SCORE), (fuzz.ratio, "", _MIN_JOINED)):
        choices = {key: candidate.replace(" ", joined) for key, candidate in bare_names.items()}
        asked = wanted.replace(" ", joined)
        for _, score, key in process.extract(asked, choices, scorer=scorer, limit=limit, score_cutoff=least):
            scores[key] = max(score, scores.get(key, 0))
    return sorted(scores, key=lambda key: (-scores[key], key[1]))


def _records(connection: Connection, seqs: Iterable[int]) -> list[StoredRecord]:
    sql = f"SELECT {COLUMNS} FROM record WHERE seq IN (SELECT value FROM json_each(?))"
    return [StoredRecord.from_row(row) for row in connection.all(sql, [canonical(list(seqs))])]


def _candidates(
    connection: Connection, forms: Forms, kind: str, field: str, wanted: str
) -> tuple[dict[int, str], dict[int, list[FormerValue]]]:
    """The name and the former names by `seq` of the records that share the rarest words.

    The last word may be typed only in part.
    """
    words = list(dict.fromkeys(wanted.split()))
    rare = sorted(words, key=lambda word: _frequency(connection, word))[:_RAREST]
    candidates: dict[int, str] = {}
    renamed: set[int] = set()
    for query in _queries(rare):
        rows = connection.all(
            f"SELECT seq, json_extract(data, '$.{field}') FROM record WHERE seq IN"
            " (SELECT rowid FROM record_search WHERE record_search MATCH ? LIMIT ?)",
            [f'facets : "{search.life(kind, False)}" AND {query}', _MAX_CANDIDATES],
        )
        candidates.update((seq, candidate) for seq, candidate in rows if candidate)
        renamed.update(_renamed(connection, kind, field, query))
        if len(candidates) >= _MAX_CANDIDATES:
            break
    return candidates, _former_names(connection, forms, field, renamed)


def _renamed(connection: Connection, kind: str, field: str, query: str) -> list[int]:
    """The `seq` of the records with these words that once had another value in `field`."""
    was = search.facet(search.FORMER, field)
    sql = "SELECT rowid FROM record_search WHERE record_search MATCH ? LIMIT ?"
    asked = f'facets : "{search.life(kind, False)}" AND facets : "{was}" AND {query}'
    return [row[0] for row in connection.all(sql, [asked, _MAX_CANDIDATES])]


def _former_names(
    connection: Connection, forms: Forms, field: str, seqs: Iterable[int]
) -> dict[int, list[FormerValue]]:
    listed = former_values(connection, forms, _records(connection, seqs))
    names = {seq: [value for value in values if value.path == field] for seq, values in listed.items()}
    return {seq: values for seq, values in names.items() if values}


def _queries(rare: list[str]) -> list[str]:
    """Full-text queries from the narrowest to the widest: all rare words, each pair of them, each word alone."""
    terms = [f'words : "{word}" *' for word in rare]
    pairs = [f"{first} AND {second}" for at, first in enumerate(terms) for second in terms[at + 1 :]]
    return list(dict.fromkeys([" AND ".join(terms), *pairs, *terms]))


def _frequency(connection: Connection, word: str) -> int:
    sql = "SELECT doc FROM record_word WHERE term = ? AND col = 'words'"
    return int(connection.value(sql, [word]) or 0)
