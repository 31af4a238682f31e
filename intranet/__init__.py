"""Binnen: team chat and intranet for companies that work in the field and in the office."""

__version__ = "0.1.0"
