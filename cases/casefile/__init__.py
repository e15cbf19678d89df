"""The whole file of one case, in words: one description of every kind of row, read today or as of any moment.

The page, the PDF and the timeline's changes all come from `PARTS`.
"""

from cases.casefile.changes import Change, changes_of
from cases.casefile.reading import case_file
from cases.casefile.shape import CaseFile, Chapter, Entry, Fact

__all__ = ["CaseFile", "Change", "Chapter", "Entry", "Fact", "case_file", "changes_of"]
