"""Which parts of a tool answer at once, from the memory of this process."""


def never_waits(part: object) -> bool:
    """Whether no call of `part` waits for a server, a file or a platform: an event loop may ask it without a thread.

    A part says so itself, by its attribute `answers_at_once`. What does not say so may wait.
    """
    return getattr(part, "answers_at_once", False) is True
