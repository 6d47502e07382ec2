"""How figures read in an explanation, in both languages.

Here: formats of counts, changes, percentages, days, series, and whole lines. Not here: what is stated (``evidence``),
the sentences (``schemas.claim_sentences``).
"""

from collections.abc import Iterable
from datetime import date

from pipeline.checks.claims.model import Claim
from schemas.sentences import Place, Sentence, said, worded
from schemas.vocabulary import Series, Verdict
from schemas.words import Language, Words

MINUS = "\N{MINUS SIGN}"
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_SERIES = {Series.PW: "PW", Series.PW_IOAW_IOAZ: "PW+IOAW+IOAZ", Series.ALL: "alle regelingen"}
_SOURCES = {"counted": "geteld", "reported": "gemeld"}
_VERDICTS = {
    Verdict.CONFIRMED: "bevestigd",
    Verdict.CONFIRMED_IN_OTHER_SERIES: "bevestigd in een andere reeks",
    Verdict.CONTRADICTED: "tegengesproken",
    Verdict.NOT_CHECKABLE: "niet te controleren",
}


def _number(english: str) -> Words:
    """A figure as it is written in English, and with the decimal comma."""
    text = english.replace("-", MINUS)
    return Words(nl=text.translate({ord(","): ".", ord("."): ","}), en=text)


def count(value: int) -> Words:
    return _number(f"{value:,}")


def from_to(first: int, last: int, series: str) -> Sentence:
    """Two figures with words between: figures side by side can be taken for the number of a person, and be covered."""
    return said("claim.pair", first=count(first), last=count(last), series=in_series(series))


def signed(value: int) -> Words:
    return _number(f"{value:+,}") if value else Words("0", "0")


def percent(value: float, decimals: int) -> Words:
    """One decimal more than was printed, so that a reader sees how the printed figure came about."""
    return _number(f"{value:+.{decimals + 1}f} %")


def decimal(value: float, decimals: int) -> Words:
    return _number(f"{value:.{decimals}f}")


def published(claim: Claim) -> Words:
    """The figure as the text printed it; a fraction such as 1/3 as a decimal."""
    if claim.is_fraction:
        return _number(f"{claim.value:.3g}")
    return _number(f"{claim.value:,.{claim.value_decimals}f}")


def on(day: date | None) -> Words:
    """A day: written out for who reads Dutch, as the other columns have it for who reads English."""
    if day is None:
        return Words("een dag die niet bekend is", str(day))
    return Words(f"{day.day} {_MONTHS[day.month - 1]} {day.year}", day.isoformat())


def period_of(claim: Claim) -> Words:
    """What a claim is about in time."""
    if claim.reference_date is not None or claim.period is None:
        return on(claim.reference_date)
    begin, until = claim.period
    return Words(f"{on(begin).nl} tot {on(until).nl}", claim.subject_period or "")


def in_series(series: str | None) -> Words:
    if series is None:
        return Words("reeks niet genoemd", "series not named")
    return Words(_SERIES[Series(series)], series)


def by(*sources: str) -> Words:
    """Where stocks come from: one word, or one for each."""
    each = dict.fromkeys(sources)
    return Words(" en ".join(_SOURCES[name] for name in each), ", then ".join(each))


def verdict_words(verdict: Verdict) -> Words:
    return Words(_VERDICTS[verdict], verdict.value)


def line(sentences: Iterable[Sentence], language: Language) -> str:
    """Sentences in one line, each with its capital and its full stop."""
    texts = [in_words(sentence, language) for sentence in sentences]
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in texts)


def in_words(sentence: Sentence, language: Language) -> str:
    return worded(sentence, language, Place.TERMINAL)
