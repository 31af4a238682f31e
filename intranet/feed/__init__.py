"""Feed: posts for an audience, with drafts, comments, acknowledgement and states."""

from intranet.kernel import Room

from .models import Post

room = Room("feed")

__all__ = ["Post", "room"]
