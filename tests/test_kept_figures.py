"""A measure that got worse by more than its noise is told; one that moved within it is not."""

from __future__ import annotations

from tests.bench import kept_figures

RUNS = ({"ratio": 4.0, "peak_mb": 100, "seconds": 1.0}, {"ratio": 5.0, "peak_mb": 102, "seconds": 9.0})


def told(tmp_path, **figures):
    file = tmp_path / "kept.json"
    kept_figures.keep({"opening": kept_figures.spread(RUNS)}, file)
    return list(kept_figures.worse("opening", figures, file))


def test_what_is_within_the_noise_is_no_news(tmp_path):
    assert told(tmp_path, ratio=5.9, peak_mb=110, seconds=99.0) == []


def test_what_is_above_the_noise_is_told_with_what_it_was(tmp_path):
    assert told(tmp_path, ratio=6.5, peak_mb=113) == [
        "opening: ratio is 6.5, it was 4 to 5",
        "opening: peak_mb is 113, it was 100 to 102",
    ]


def test_aims_and_unknown_measures_are_not_compared(tmp_path):
    assert told(tmp_path, aim_mb=10**6, new_ratio=10**6) == []
    assert kept_figures.comparable({"aim_mb": 1, "ratio": "none"}) == {}


def test_other_measures_stay_kept(tmp_path):
    file = tmp_path / "kept.json"
    kept_figures.keep({"opening": {"ratio": (1.0, 2.0)}}, file)
    kept_figures.keep({"pdf": {"ratio": (3.0, 3.0)}}, file)
    assert list(kept_figures.worse("opening", {"ratio": 9}, file)) == ["opening: ratio is 9, it was 1 to 2"]
