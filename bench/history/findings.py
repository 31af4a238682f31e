"""What a check has found: counted by promise and by check, with a few examples in words."""

from collections import Counter
from dataclasses import asdict, dataclass

MOST_EXAMPLES = 4  # of one check
COUNTS = {  # which figure each check of the fault matrix counts into
    "C1": "lost", "C2": "doubled", "C3": "disordered", "C4": "gaps", "C5": "disordered", "C6": "disordered",
    "C7": "unresolved", "C8": "invented", "C9": "leaks", "C10": "leaks", "C11": "disordered", "C12": "diverged",
    "C13": "diverged", "C14": "effects",
}  # fmt: skip


@dataclass
class Findings:
    """All but `acknowledged` must be zero."""

    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    gaps: int = 0
    leaks: int = 0
    unresolved: int = 0
    invented: int = 0
    diverged: int = 0  # a device shows something else than the record, or the record than its writes
    effects: int = 0  # pushes and mails that were not told, or told of nothing, or under two names

    def __post_init__(self) -> None:
        self.by_check: Counter[str] = Counter()
        self._shown: Counter[str] = Counter()
        self.examples: list[str] = []

    def add(self, check: str, count: int, example: str = "") -> None:
        """`count` violations found by this check."""
        if count:
            name = COUNTS[check]
            setattr(self, name, getattr(self, name) + count)
            self.by_check[check] += count
            if self._shown[check] < MOST_EXAMPLES:
                self._shown[check] += 1
                self.examples.append(f"{check} {name}: {example}")

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not any(value for name, value in asdict(self).items() if name != "acknowledged")
