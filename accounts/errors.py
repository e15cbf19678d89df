class Invalid(Exception):
    """Input that only the locked row could judge. `field` names the form's field, `sentence` says what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field = field
        self.sentence = sentence


class NotRecordedError(Exception):
    """What was to be done or shown could not be written down, so it is not done and not shown."""
