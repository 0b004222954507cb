"""What is published as one file: tables, their description, a licence, checksums, and what the register says."""
