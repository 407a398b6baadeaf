"""«Vì sao có số này?»: every number as a tree of its parts, with rules, people, days and papers."""

from kcdesk.later import import_later

import_later(__name__)
