"""What the launcher says when it cannot go on."""


class StackError(Exception):
    """A reason to stop that the person at the terminal can act on. The message is all they see."""


class Interrupted(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived. Not an `Exception`: nothing may swallow it."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum
