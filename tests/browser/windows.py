"""Browser windows as people have them: a language, a width, a scheme, with script or without."""

from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from accounts.models import User
from tests.entering import session_of

Scheme = Literal["light", "dark"]
PHONE, DESK = 320, 1280
HEIGHT = 900
# A desk of 1280 by 1024 at 400 per cent is as wide as a phone, and as low as this.
LOW = 256
# In milliseconds.
PATIENCE = 15_000
# Without a network of its own: no updates, no lists of bad sites, no accounts.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    # Some containers have hardly any shared memory.
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--force-color-profile=srgb",
)


@dataclass
class Windows:
    """Everything that one test opens, and whatever the browser had to complain about."""

    browser: Browser
    address: str
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    # The latest answer in each window, as the server sent it: a page's own content is what the browser made of it.
    answers: dict[Page, Response] = field(default_factory=dict)
    patience: int = PATIENCE
    # Whether a page that cannot listen to what it names has something to complain about.
    heeds_gone: bool = False

    def __call__(
        self,
        user: User | None = None,
        *,
        language: str = "en",
        script: bool = True,
        width: int = DESK,
        height: int = HEIGHT,
        scheme: Scheme = "light",
    ) -> Page:
        context = self.browser.new_context(
            base_url=self.address,
            locale=language,
            java_script_enabled=script,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        context.set_default_timeout(self.patience)
        self.contexts.append(context)
        if user is not None:
            context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": self.address}])
        page = context.new_page()
        page.on("console", self._heed_console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._heed_response)
        if self.heeds_gone:
            page.on("websocket", lambda socket: socket.on("framereceived", self._heed_frame))
        return page

    def _heed_frame(self, frame: str | bytes) -> None:
        """Whoever is shown a page may listen to whatever changes it."""
        if "gone" in str(frame):
            self.complaints.append(f"a page that was just shown: {frame!s}")

    def _heed_console(self, message: ConsoleMessage) -> None:
        """Every error and warning, a breach of the content policy among them."""
        # A status is heeded below, where it is known whether it is the page's own.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _heed_response(self, response: Response) -> None:
        """A page may refuse, it never breaks; and what belongs to a page is there."""
        is_page = response.request.is_navigation_request()
        if is_page:
            self.answers[response.frame.page] = response
        # An open page that asks for itself may learn that it is nobody's any more; a form that it sends may be refused.
        asks = "x-live" in response.request.headers or response.request.method == "POST"
        limit = 500 if is_page or asks else 400
        if response.status >= limit:
            self.complaints.append(f"{response.url}: {response.status}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()
