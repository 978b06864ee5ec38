"""Compensation: what went wrong, what is owed, what is fair, from harm and never from volume."""
