"""The register of companies: import, criteria, names, and the linker that decides who is meant."""
