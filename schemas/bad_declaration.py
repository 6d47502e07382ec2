"""What a mistake in a declaration looks like to a person. Not here: finding one (``declaration_checks``, ``discovery``)."""


class BadDeclaration(Exception):
    """Declarations that contradict each other, or name what is not there: a mistake of ours, before anything runs.

    Every fault is one line: the file, what is wrong, what to do.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
