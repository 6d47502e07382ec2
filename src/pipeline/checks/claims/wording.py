"""How figures read in an explanation.

Here: formats of counts, changes, percentages and whole lines. Not here: what is stated (``evidence``).
"""

from pipeline.checks.claims.model import Claim

MINUS = "\N{MINUS SIGN}"


def count(value: int) -> str:
    return f"{value:,}".replace("-", MINUS)


def from_to(first: int, last: int) -> str:
    """Two figures with words between: figures side by side can be taken for the number of a person, and be covered."""
    return f"from {count(first)} to {count(last)}"


def signed(value: int) -> str:
    return f"{value:+,}".replace("-", MINUS) if value else "0"


def percent(value: float, decimals: int) -> str:
    """One decimal more than was printed, so that a reader sees how the printed figure came about."""
    return f"{value:+.{decimals + 1}f} %".replace("-", MINUS)


def published(claim: Claim) -> str:
    """The figure as the text printed it; a fraction such as 1/3 as a decimal."""
    if claim.value_decimals == 0 and claim.value != round(claim.value):
        return f"{claim.value:.3g}".replace("-", MINUS)
    return f"{claim.value:,.{claim.value_decimals}f}".replace("-", MINUS)


def line(*sentences: str) -> str:
    """Sentences in one line, each with its capital and its full stop."""
    filled = [sentence for sentence in sentences if sentence]
    return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in filled)
