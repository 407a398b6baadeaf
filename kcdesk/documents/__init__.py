"""Papers: blocks independent of the file format, written as PDF or Word in the layout of NĐ 30/2020. No Qt, no SQL."""

from kcdesk.later import import_later

import_later(__name__)
