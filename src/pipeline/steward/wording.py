"""In which language a steward reads, and the words for it: Dutch, or English by setting (``UITSTROOM_LANGUAGE``).

Here: choosing. Not here: the sentences (``schemas.sentences``), headings and columns (beside the part of a report that
they stand in, as pairs).
"""

from pipeline import settings
from schemas.details import in_dutch
from schemas.finding_forms import finding_in_dutch
from schemas.sentences import Place, Sentence, worded
from schemas.words import Language


def is_english() -> bool:
    return settings.language() is Language.EN


def words(dutch: str, english: str) -> str:
    """The one of a pair that is read here."""
    return english if is_english() else dutch


def told(what: Sentence | str) -> str:
    """A sentence as a steward reads it in the browser; what is text already stays."""
    return worded(what, settings.language(), Place.BROWSER)


def told_detail(detail: str) -> str:
    """The detail of a receipt, or the reason why something waits: it stands in the log in English."""
    return detail if is_english() else in_dutch(detail)


def told_finding(what: str) -> str:
    """What a finding across deliveries says: it stands in its table in English."""
    return what if is_english() else finding_in_dutch(what)


def told_error(error: BaseException) -> str:
    """What an error says: in the steward's language where it carries a sentence, else its text."""
    what = error.args[0] if error.args else ""
    return told(what) if isinstance(what, Sentence) else str(error)
