"""The only way out: layouts as data, one safe writer. The record, the admin and the command share them.

Which rows and columns (layouts.py, columns.py), how PostgreSQL makes the bytes (pg_copy.py), which file they become
(formats.py, excel.py), and the record of a closed consultation as an archive (archive.py, verification.py).
"""
