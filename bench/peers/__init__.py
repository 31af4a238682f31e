"""Other servers that do the same as plainly as their documentation shows it; a missing one is said, not failed."""
