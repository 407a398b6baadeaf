"""The calendar of visits, the visit page and field mode."""
