"""A journey of several people through the pages, each in a window of their own."""

from dataclasses import dataclass, field
from typing import Literal

from accounts.models import User
from tests.browser.hands import HANDS
from tests.browser.reader import Reader
from tests.browser.windows import Windows
from tests.cast import Cast
from tests.entering import stays_in


@dataclass(frozen=True)
class Way:
    """How the whole journey is made."""

    language: str
    script: bool
    # Else everybody has a session already, as in tests that are about something else.
    signs_in: bool = True
    hands: Literal["mouse", "keyboard"] = "mouse"


@dataclass
class Journey:
    windows: Windows
    cast: Cast
    way: Way
    readers: dict[str, Reader] = field(default_factory=dict)

    def by(self, username: str) -> Reader:
        """Each person signs in once and keeps the window, for as many months as the journey takes."""
        if username not in self.readers:
            signed_in = None if self.way.signs_in else User.objects.get(username=username)
            page = self.windows(signed_in, language=self.way.language, script=self.way.script)
            self.readers[username] = Reader(page, self.way.language, HANDS[self.way.hands], self.way.script)
            if signed_in:
                page.goto("/")
            else:
                self.readers[username].signs_in(username)
                stays_in(User.objects.get(username=username))
        return self.readers[username]


def set_out(windows: Windows, cast: Cast, way: Way) -> Journey:
    User.objects.update(language=way.language)
    return Journey(windows, cast, way)
