"""Where the middle of each commune of today lies, from `resources/catalogues/centres.tsv.gz` (source: README there)."""

from __future__ import annotations

import gzip
import math
from functools import cache

from kcdesk import paths
from kcdesk.runtime.frozen import Value

_EARTH = 6371.0  # kilometres, the mean radius
_LEAST = 5.0  # kilometres that a place may always be away: roads, and cameras that place a photo badly
_LONG = 3.0  # radii of a circle as large as the commune: its farthest corner lies within


class Centre(Value):
    """The middle of a commune in degrees; `area` in km²."""

    latitude: float
    longitude: float
    area: float

    def distance(self, latitude: float, longitude: float) -> float:
        """Kilometres to a point, over the ground."""
        here, there = math.radians(self.latitude), math.radians(latitude)
        east = math.radians(longitude - self.longitude)
        half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(east / 2) ** 2
        return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))

    @property
    def reach(self) -> float:
        """Kilometres from the middle beyond which a point is certainly outside of the commune."""
        return max(_LEAST, _LONG * math.sqrt(self.area / math.pi))


def centre_of(commune: str) -> Centre | None:
    """The middle of a commune of today by its code; None for another code."""
    return _centres().get(commune)


@cache
def _centres() -> dict[str, Centre]:
    packed = (paths.resources() / "catalogues" / "centres.tsv.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(packed).decode().splitlines())
    return {code: Centre(float(latitude), float(longitude), float(area)) for code, latitude, longitude, area in rows}
