"""The JSON interface for programs, under /api/v1."""
