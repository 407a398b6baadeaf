"""The page «Báo cáo»: every report with its choices, its table, its charts, the records behind its figures."""

from kcdesk.later import import_later

import_later(__name__)
