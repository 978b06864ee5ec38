"""Cuts TOML and JSON text into tokens: linear, and tolerant of text that is neither."""

import re

__all__ = ["TOKEN"]

TOKEN = re.compile(
    r'"""(?:[^"\\]|\\(?:.|\Z)|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|[\w+-][\w+:-]*+"
    r"|[ \t\r]++"
    r"|.",
    re.DOTALL,
)
"""Texts, comments, words, blanks, and every other character alone."""
