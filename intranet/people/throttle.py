"""How often somebody may try: per account and per network address, in the memory of this process.

A success forgives the account's earlier tries, and does not count for the address: on its first day a whole company
signs in from one. Several nodes each count for themselves.
"""

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, RateLimiter

from intranet.kernel import Refused, network

PER_ACCOUNT = RateLimitItemPerMinute(10, 15)
PER_ADDRESS = RateLimitItemPerMinute(100, 15)
FORGIVEN = "forgiven"  # announced by the verb, so that nothing is forgiven whose transaction did not stand
_storage = MemoryStorage()
_accounts = MovingWindowRateLimiter(_storage)
_addresses = FixedWindowRateLimiter(_storage)  # the kind that can give a try back


def must_not_hurry(purpose: str, account: str, address: str) -> None:
    """Count one try. Raises Refused 429 when there were too many."""
    _count(_addresses, PER_ADDRESS, purpose, "address", network(address))
    _count(_accounts, PER_ACCOUNT, purpose, "account", account)


def forgive(announced: tuple[str, str, str]) -> None:
    """(purpose, account, address) was right: the account's tries no longer count, and this one not for the address."""
    purpose, account, address = announced
    if account:
        _accounts.clear(PER_ACCOUNT, purpose, "account", account)
    if address:
        _addresses.hit(PER_ADDRESS, purpose, "address", network(address), cost=-1)


def start_over() -> None:
    """Forget every try, as a restart does."""
    _storage.reset()


def _count(limiter: RateLimiter, limit: RateLimitItem, *who: str) -> None:
    if not who[-1]:
        return
    if not limiter.hit(limit, *who):
        minutes = limit.get_expiry() // 60
        raise Refused(429, "too-many-tries", minutes=minutes, retry_after=limit.get_expiry())
