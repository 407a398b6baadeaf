"""Search for names that are nearly the same: "Cty TNHH Minh Phát", "Công ty trách nhiệm hữu hạn Minh Phát"."""

from __future__ import annotations

import re

from kcdesk import text
from kcdesk.store import search
from kcdesk.store.database.db import Connection
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
_MIN_SCORE = 80  # of 100
_MIN_JOINED = 94  # of names without their spaces: «Hưng Thịnh», «HưngThịnh»


def bare_name(name: str) -> str:
    """The folded name without its legal form; the whole folded name if nothing else remains."""
    folded = " ".join(text.tokens(name))
    return " ".join(_LEGAL_FORM.sub(" ", folded).split()) or folded


def near(connection: Connection, kind: str, field: str, name: str, limit: int) -> list[StoredRecord]:
    """The records, not deleted, whose `field` is nearly the same as `name`, nearest first."""
    from rapidfuzz import fuzz, process  # only a comparison of names pays for it

    wanted = bare_name(name)
    if not wanted:
        return []
    names = dict(_candidates(connection, kind, field, wanted))
    bare_names = {seq: bare_name(candidate) for seq, candidate in names.items()}
    scores: dict[int, float] = {}
    for scorer, joined, least in ((fuzz.token_sort_ratio, " ", _MIN_SCORE), (fuzz.ratio, "", _MIN_JOINED)):
        choices = {seq: candidate.replace(" ", joined) for seq, candidate in bare_names.items()}
        asked = wanted.replace(" ", joined)
        for _, score, seq in process.extract(asked, choices, scorer=scorer, limit=limit, score_cutoff=least):
            scores[seq] = max(score, scores.get(seq, 0))
    order = sorted(scores, key=lambda seq: -scores[seq])[:limit]
    marks = ", ".join("?" * len(order))
    rows = connection.all(f"SELECT {COLUMNS} FROM record WHERE seq IN ({marks})", order)
    return sorted(map(StoredRecord.from_row, rows), key=lambda record: order.index(record.seq))


def _candidates(connection: Connection, kind: str, field: str, wanted: str) -> list[tuple[int, str]]:
    """`seq` and name of the records that share the rarest words; the last word may be typed only in part."""
    words = list(dict.fromkeys(wanted.split()))
    rare = sorted(words, key=lambda word: _frequency(connection, word))[:_RAREST]
    candidates: dict[int, str] = {}
    for query in _queries(rare):
        rows = connection.all(
            f"SELECT seq, json_extract(data, '$.{field}') FROM record WHERE seq IN"
            " (SELECT rowid FROM record_search WHERE record_search MATCH ? LIMIT ?)",
            [f'facets : "{search.life(kind, False)}" AND {query}', _MAX_CANDIDATES],
        )
        candidates.update((seq, candidate) for seq, candidate in rows if candidate)
        if len(candidates) >= _MAX_CANDIDATES:
            break
    return list(candidates.items())


def _queries(rare: list[str]) -> list[str]:
    """Full-text queries from the narrowest to the widest: all rare words, each pair of them, each word alone."""
    terms = [f'words : "{word}" *' for word in rare]
    pairs = [f"{first} AND {second}" for at, first in enumerate(terms) for second in terms[at + 1 :]]
    return list(dict.fromkeys([" AND ".join(terms), *pairs, *terms]))


def _frequency(connection: Connection, word: str) -> int:
    sql = "SELECT doc FROM record_word WHERE term = ? AND col = 'words'"
    return int(connection.value(sql, [word]) or 0)
