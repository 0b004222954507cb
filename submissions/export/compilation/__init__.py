"""The compilation: what was written on some areas or all, as a document to read and to draft from.

What is read (cells.py) becomes chapters of headings, paragraphs and tables (chapters.py), which one of two writers puts
into a file: word.py, or web_page.py. Each of them passes the texts on one by one; a compilation is never in memory.
"""

from submissions.export.compilation.chapters import Compilation
from submissions.export.compilation.document import count_compiled, write_compilation

__all__ = ["Compilation", "count_compiled", "write_compilation"]
