"""The developer's tools: checks, locks, translations. Nothing here runs in a served intranet."""
