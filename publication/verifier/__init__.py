"""What checks the register and the archive without this site: one file for Python alone, and one page for a browser."""
