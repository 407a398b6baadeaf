"""The recovery key of the province: given by a unit, held by the province, used for a store whose secrets are lost."""

from kcdesk.later import import_later

import_later(__name__)
