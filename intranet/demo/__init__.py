"""A sample company."""
