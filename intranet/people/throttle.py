"""How often somebody may try: per account and per network address, in the memory of this process.

A success forgives the account's earlier tries. Several nodes each count for themselves.
"""

import ipaddress

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from intranet.kernel import Refused

PER_ACCOUNT = RateLimitItemPerMinute(10, 15)
PER_ADDRESS = RateLimitItemPerMinute(100, 15)
_limiter = MovingWindowRateLimiter(MemoryStorage())


def network(address: str) -> str:
    """One address counts as one; of IPv6 a household's /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == 6 else address


def must_not_hurry(purpose: str, account: str, address: str) -> None:
    """Count one try. Raises Refused 429 when there were too many."""
    _count(PER_ADDRESS, purpose, "address", network(address))
    _count(PER_ACCOUNT, purpose, "account", account)


def forgive(purpose: str, account: str) -> None:
    """The account's tries no longer count: its password was right."""
    _limiter.clear(PER_ACCOUNT, purpose, "account", account)


def start_over() -> None:
    """Forget every try, as a restart does."""
    _limiter.storage.reset()


def _count(limit: RateLimitItem, *who: str) -> None:
    if not who[-1]:
        return
    if not _limiter.hit(limit, *who):
        minutes = limit.get_expiry() // 60
        raise Refused(429, "too-many-tries", minutes=minutes, retry_after=limit.get_expiry())
