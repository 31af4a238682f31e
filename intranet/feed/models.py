"""Posts, their texts and drafts, and what people say to them. A post's id is stable over the places it was in."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import WITHOUT_ROWID, Base


class Post(Base):
    """One post. `place` is its audience's; `rev` grows by every change of what is shown, `version` by every edit."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("author", "write"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    place: Mapped[int]
    seq: Mapped[int]  # of its `feed.published` in that place
    kind: Mapped[str]  # news, feedback, idea, question, praise, poll
    author: Mapped[int]
    write: Mapped[str]  # the client id, so that its author's echo finds it
    at: Mapped[int]
    lang: Mapped[str]  # of the text here; other languages are in `post_text`
    title: Mapped[str]
    text: Mapped[str]  # as written
    html: Mapped[str]  # as shown
    plain: Mapped[str]  # as found and quoted
    mentions: Mapped[str]  # "5 t12"
    praised: Mapped[str]  # whom praise is for: "5 t12"
    teams: Mapped[str]  # the author's teams when it was published: "3 12"
    tiles: Mapped[int]  # how many files it announced
    customer: Mapped[int]  # 0: none
    product: Mapped[int]
    urgency: Mapped[int]  # 0, 1, 2
    card: Mapped[str]  # what an upper room draws in it: "poll-9", or nothing
    asks: Mapped[int]  # 1 while everybody in its audience is asked for something
    state: Mapped[str]  # of feedback and ideas: new, seen, planned, done, declined
    reason: Mapped[str]
    state_at: Mapped[int]
    owner: Mapped[int]  # who takes care of it, 0: nobody yet
    due: Mapped[int]
    answer: Mapped[int]  # the comment that answers a question
    pinned_until: Mapped[int]  # 0, or until when
    pinned_ack: Mapped[int]  # 1: for each reader until they have acknowledged it
    ack: Mapped[int]  # 1: acknowledgement is asked for
    ack_until: Mapped[int]
    ack_names: Mapped[int]  # 1: who has acknowledged can be seen by name, which the post says
    comments_closed: Mapped[int]
    expires: Mapped[int]  # 0, or when it leaves the lists
    expired: Mapped[int]  # 0, or when it did
    edited: Mapped[int]  # 0, or when
    version: Mapped[int]  # how often it was written: what an edit is based on
    hidden: Mapped[int]  # 0, or when
    hidden_reason: Mapped[str]
    removed: Mapped[int]  # 0, or when: a tombstone without content
    likes: Mapped[int]
    comments: Mapped[int]
    rev: Mapped[int]


class PostText(Base):
    """A post in another language than the one it was written in first."""

    __tablename__ = "post_text"
    __table_args__ = (WITHOUT_ROWID,)
    post: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lang: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    plain: Mapped[str]


class PostEarlier(Base):
    """A former text, for its authors and editors."""

    __tablename__ = "post_earlier"
    __table_args__ = (WITHOUT_ROWID,)
    post: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lang: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    html: Mapped[str]
    editor: Mapped[int]  # who replaced it
    until: Mapped[int]


class PostAuthor(Base):
    """Who writes a post together with its author."""

    __tablename__ = "post_author"
    __table_args__ = (Index("ix_post_author_person", "person"), WITHOUT_ROWID)
    post: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Listed(Base):
    """In which lists of which place a post stands now; the list "" is all that the place's readers may read.

    A person's own place lists what they wrote or take care of, whoever its audience is. Every list of the feed is a
    range of this table, read from its end.
    """

    __tablename__ = "post_listed"
    __table_args__ = (Index("ix_post_listed_post", "post"), WITHOUT_ROWID)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    list: Mapped[str] = mapped_column(primary_key=True)  # "kind/idea", "customer/17", "names/5"; see lists.py
    post: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class PostState(Base):
    """What became of a post, step by step."""

    __tablename__ = "post_state"
    __table_args__ = (WITHOUT_ROWID,)
    post: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rev: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    reason: Mapped[str]
    owner: Mapped[int]
    due: Mapped[int]
    person: Mapped[int]
    at: Mapped[int]


class PostDraft(Base):
    """A post that is being written, or waits for its time. `key` is the client's name for it."""

    __tablename__ = "post_draft"
    __table_args__ = (Index("ix_post_draft_author", "author"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(unique=True)
    author: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    content: Mapped[str]  # all else as JSON: audience, customer, options, other languages
    other: Mapped[str]  # a text that another device of the same person had meanwhile
    editor: Mapped[int]  # who saved it last
    saved: Mapped[int]
    rev: Mapped[int]
    at: Mapped[int]  # 0, or when it is to be published
    refused: Mapped[str]  # why it could not be


class DraftAuthor(Base):
    """Who writes a draft together with its author."""

    __tablename__ = "post_draft_author"
    __table_args__ = (Index("ix_post_draft_author_person", "person"), WITHOUT_ROWID)
    draft: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class NewsWriter(Base):
    """Whom editors allow to publish news: a person "5" or a team "t12"."""

    __tablename__ = "news_writer"
    __table_args__ = (WITHOUT_ROWID,)
    target: Mapped[str] = mapped_column(primary_key=True)


class FeedSetting(Base):
    """What the organisation has decided about its feed, such as whether acknowledgements may be listed by name."""

    __tablename__ = "feed_setting"
    __table_args__ = (WITHOUT_ROWID,)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


# -- what people say to a post


class Comment(Base):
    """A comment, or a reply to one. `parent` is the comment that begins its thread, itself if it does: so that a post's
    comments in the order of reading are one range of the index."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_post", "post", "parent", "id"), UniqueConstraint("author", "write"))
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    post: Mapped[int]
    parent: Mapped[int]
    author: Mapped[int]
    write: Mapped[str]
    at: Mapped[int]
    text: Mapped[str]
    html: Mapped[str]
    plain: Mapped[str]
    mentions: Mapped[str]
    edited: Mapped[int]
    hidden: Mapped[int]
    hidden_reason: Mapped[str]
    removed: Mapped[int]
    replies: Mapped[int]
    likes: Mapped[int]
    rev: Mapped[int]


class CommentEarlier(Base):
    """A former text of a comment, for its author."""

    __tablename__ = "comment_earlier"
    __table_args__ = (WITHOUT_ROWID,)
    comment: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rev: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    html: Mapped[str]
    until: Mapped[int]


class Reacted(Base):
    """One person's emoji on a post ("post-17") or a comment ("comment-5"); a like is one of them."""

    __tablename__ = "reacted"
    __table_args__ = (WITHOUT_ROWID,)
    subject: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    emoji: Mapped[str] = mapped_column(primary_key=True)


class ReactedCount(Base):
    """How many have reacted so, kept so that no reader counts them."""

    __tablename__ = "reacted_count"
    __table_args__ = (WITHOUT_ROWID,)
    subject: Mapped[str] = mapped_column(primary_key=True)
    emoji: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]


class Following(Base):
    """Whether a person follows a post (1), or wants to hear no more of it (0)."""

    __tablename__ = "post_following"
    __table_args__ = (Index("ix_post_following_post", "post"), WITHOUT_ROWID)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    follows: Mapped[int]


class Saved(Base):
    """What a person has put aside for later."""

    __tablename__ = "post_saved"
    __table_args__ = (Index("ix_post_saved_post", "post"), WITHOUT_ROWID)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Acknowledged(Base):
    """Who has read and understood a post. No time: it is nobody's business when."""

    __tablename__ = "post_ack"
    __table_args__ = (Index("ix_post_ack_person", "person", "post"), WITHOUT_ROWID)
    post: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class AckReminder(Base):
    """How often those who had not acknowledged were reminded, and when last."""

    __tablename__ = "post_ack_reminder"
    __table_args__ = (WITHOUT_ROWID,)
    post: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[int]
    times: Mapped[int]
