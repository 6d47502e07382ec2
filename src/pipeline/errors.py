"""The errors this project raises on purpose. Not here: findings about data, which are rows, not exceptions."""


class UitstroomError(Exception):
    """Base of every error with a message meant for a person: what happened, where, and the next step."""


class Rejected(UitstroomError):
    """A file that cannot become a delivery.

    Carries a rule code of the ``FILE`` family and a detail without cell values.
    """

    def __init__(self, rule: str, detail: str = "", *, column: str = "") -> None:
        super().__init__(f"{rule}: {detail}" if detail else rule)
        self.rule = rule
        self.detail = detail
        self.column = column


class Unstable(UitstroomError):
    """A file that changed while it was read: left alone in this run, tried again in the next."""


class LogError(UitstroomError):
    """The log cannot be read or written as promised."""


class ReleaseBlocked(UitstroomError):
    """A curated table failed its own model; the last release stays current."""
