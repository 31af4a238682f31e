"""The epoch: the name of one incarnation of the record. A cursor of another epoch means nothing here."""

import secrets

from sqlalchemy import Connection, update

from .home import forget_home
from .tables import Installation, Place


def new_epoch() -> str:
    """A random name for one incarnation of the record."""
    return secrets.token_hex(4)


def change_epoch(conn: Connection) -> str:
    """The record is another one from now on: every device starts over and offers what is gone for sending again.

    For what brings back an earlier state, while no server runs on it; the new epoch.
    """
    epoch = new_epoch()
    conn.execute(update(Place).values(epoch=epoch))
    conn.execute(update(Installation).where(Installation.key == "epoch").values(value=epoch))
    forget_home(conn)
    return epoch
