"""The register: a log of commitments to which one can only add, so that anybody can check what stands in the record."""
