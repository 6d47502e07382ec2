"""Dutch and English: how days, counts and percentages are written, and which of two wordings is taken.

Here: one value per language, handed to every page. Not here: what is said (the pages and their templates).
"""

from dataclasses import dataclass
from datetime import date

THIN = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"

_MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
_SHORT = {"nl": {3: "mrt"}, "en": {}}


@dataclass(frozen=True)
class Language:
    """One of the two. Called with both wordings it gives its own."""

    code: str

    def __call__(self, dutch: str, english: str) -> str:
        return dutch if self.code == "nl" else english

    @property
    def is_dutch(self) -> bool:
        return self.code == "nl"

    def count(self, value: float | None) -> str:
        """A whole number, a narrow space at the thousands."""
        return NOTHING if value is None else f"{value:,.0f}".replace(",", THIN).replace("-", MINUS)

    def signed(self, value: float | None) -> str:
        """A change: with its sign, nought without."""
        if value is None:
            return NOTHING
        return f"+{self.count(value)}" if value > 0 else self.count(value)

    def number(self, value: float | None, decimals: int = 1) -> str:
        """A number with decimals, in Dutch behind a comma; a nought has no sign."""
        if value is None:
            return NOTHING
        text = f"{value:,.{decimals}f}"
        if not text.strip("-0.,"):
            text = text.lstrip("-")
        whole, _, behind = text.replace("-", MINUS).partition(".")
        whole = whole.replace(",", THIN)
        return f"{whole}{',' if self.is_dutch else '.'}{behind}" if behind else whole

    def figure(self, value: float | None) -> str:
        """A figure of any kind: whole where it is whole, else with as many decimals as say something."""
        if value is None:
            return NOTHING
        return self.count(value) if value == round(value) else self.number(value, 2)

    def percent(self, value: float | None, *, signed: bool = False) -> str:
        if value is None:
            return NOTHING
        text = self.number(value)
        plus = "+" if signed and value > 0 and text.strip("0.,") else ""
        return f"{plus}{text}\N{NO-BREAK SPACE}%"

    def day(self, value: date | None) -> str:
        return NOTHING if value is None else f"{value.day} {_MONTHS[self.code][value.month - 1]} {value.year}"

    def month(self, value: date | None) -> str:
        return NOTHING if value is None else f"{_MONTHS[self.code][value.month - 1]} {value.year}"

    def iso_day(self, text: str | None) -> str:
        """A day that stands somewhere as text, as the manifest has it."""
        return self.day(date.fromisoformat(text)) if text else NOTHING

    def period(self, text: str | None) -> str:
        """One day, or begin and end, as ``subject_period`` has them."""
        return self(" tot ", " until ").join(self.iso_day(day) for day in (text or "").split("/") if day)

    def short_month(self, value: date) -> str:
        return _SHORT[self.code].get(value.month, _MONTHS[self.code][value.month - 1][:3])


DUTCH, ENGLISH = Language("nl"), Language("en")
LANGUAGES = (DUTCH, ENGLISH)
