"""Reading `forms/*.toml` strictly, with a list of all faults and their places."""

from kcdesk.later import import_later

import_later(__name__)
