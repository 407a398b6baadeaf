"""Rules as an office types them, made into the files of rules that the program reads."""

from kcdesk.later import import_later

import_later(__name__)
