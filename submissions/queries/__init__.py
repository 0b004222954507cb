"""Reading what was sent: search, filters, totals and figures. Nothing here writes a submission."""
