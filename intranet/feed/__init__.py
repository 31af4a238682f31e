"""Feed: posts for an audience, with drafts, comments, acknowledgement and states."""
