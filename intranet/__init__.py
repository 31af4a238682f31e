"""Binnen: self-hosted async team chat and social intranet."""

__version__ = "0.1.0"
