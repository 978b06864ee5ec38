"""The machinery of decision tables: private, its face is ``deescalate.rules``."""
