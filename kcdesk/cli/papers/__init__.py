"""Commands for papers: Word files of the office in place of our layouts."""

from kcdesk.later import import_later

import_later(__name__)
