"""Keeping the record: moving it to another database, backing it up, bringing it back.

Stands above all rooms, as `serving` does, and serves nothing: each command runs by itself and says what it did.
"""
