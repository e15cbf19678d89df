"""`make demo` leaves nothing behind, however it ends and whoever runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest

from accounts import factors
from cases.demo.names import CYRILLIC, FAMILY, GIVEN, PLACES, WORDS
from config.embedded.folder import CHECKOUT
from tests.config.elsewhere import checkout_of, nobody
from tests.config.processes import Data, bare_environment, data_in, wait_until

# Root starts its servers as an ordinary account. That an ordinary account does so itself is a matter of `make trials`.
BOTH = os.geteuid() == 0 and "EVERY_WAY" in os.environ
ACCOUNTS = ["this account", "an ordinary account"] if BOTH else ["this account"]
# Everything is asked to end, and what does not is killed five seconds later.
END = 30.0
# A first start seeds, and a test machine may be busy; a second start has a budget of its own.
FIRST_START = 240.0
SECOND_START = 10.0


@pytest.fixture(scope="module", params=ACCOUNTS)
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Data]:
    """A seeded data folder: the first start of each account is here, the tests are all second starts."""
    if request.param == "this account":
        with data_in(tmp_path_factory.mktemp("demo") / "data") as made:
            Demo(made).run_once()
            yield made
        return
    account = nobody()
    with checkout_of(account) as checkout, data_in(checkout / ".data") as made:
        made.checkout = checkout
        made.as_account = {"user": account.uid, "group": account.gid, "extra_groups": []}
        Demo(made).run_once()
        yield made


def is_well(address: str) -> bool:
    with urlopen(f"{address}healthz") as answer:  # noqa: S310 - on loopback, out of our own output
        return bool(answer.status == 200)


class Demo:
    """`make demo`, with the environment that the tests already have."""

    def __init__(self, data: Data, *, before: str = "") -> None:
        self._data = data
        self._log = tempfile.NamedTemporaryFile(prefix="homeward-demo-")  # noqa: SIM115 - closed on exit
        venv = data.checkout / ".venv" / "bin" if data.checkout != CHECKOUT else Path(sys.prefix) / "bin"
        command = ["make", "demo", "demo_stamp=", f"venv={venv}", "PORT=0"]
        if before:
            command = ["sh", "-c", before, *command]
        streams = {"stdin": subprocess.DEVNULL, "stdout": self._log, "stderr": self._log}
        self.process = data.start(command, **streams)

    def __enter__(self) -> "Demo":
        return self

    def __exit__(self, *_: object) -> None:
        """A demo that still runs would be mistaken for the next test's."""
        try:
            if self.process.poll() is None:
                self.process.terminate()
                self.wait_until_gone()
        finally:
            self._log.close()

    @property
    def said(self) -> str:
        return Path(self._log.name).read_text()

    @property
    def password(self) -> str:
        found = re.search(r"all with the password (\S+)", self.said)
        assert found
        return found[1]

    @property
    def seed(self) -> str:
        """Of ana's app."""
        found = re.search(r"  ana .*\n.*key for an authenticator app: (\S+)", self.said)
        assert found
        return found[1]

    def wait_until_up(self) -> str:
        """The address, once it is printed."""

        def is_up() -> bool:
            assert self.process.poll() in {None, 0}, (self.process.returncode, self.said, self._data.left())
            return "Ctrl-C stops it" in self.said

        wait_until(is_up, seconds=FIRST_START)
        found = re.search(r"http://127\.0\.0\.1:\d+/", self.said)
        assert found
        return found[0]

    def wait_until_gone(self) -> None:
        self.process.wait(END)
        wait_until(lambda: not self._data.left(), END)

    def run_once(self) -> None:
        """A terminated make ends everything."""
        with self:
            self.wait_until_up()
            assert "ana " in self.said
            self.process.terminate()
            self.wait_until_gone()
            assert "Traceback" not in self.said


def test_ctrl_c_ends_everything_and_the_second_start_is_quick(data: Data) -> None:
    """The better of two starts: what else the machine does is not what is measured."""
    for _start in range(2):
        began = time.monotonic()
        with Demo(data) as demo:
            address = demo.wait_until_up()
            taken = time.monotonic() - began
            assert is_well(address)
            os.killpg(demo.process.pid, signal.SIGINT)
            demo.wait_until_gone()
            assert "Traceback" not in demo.said
        if taken < SECOND_START:
            break
    assert taken < SECOND_START


def test_it_outlives_the_shell_that_started_it_but_not_a_killed_make(data: Data) -> None:
    with Demo(data, before='"$0" "$@" & echo "make is $!"') as demo:
        address = demo.wait_until_up()
        assert demo.process.wait(END) == 0
        assert is_well(address)
        said = re.search(r"make is (\d+)", demo.said)
        assert said
        os.kill(int(said[1]), signal.SIGKILL)
        demo.wait_until_gone()


@pytest.mark.parametrize("data", ACCOUNTS[:1], indirect=True)
@pytest.mark.parametrize(
    ("word", "name"),
    [("uvicorn", "web server"), ("keeper", "embedded services")],
)
def test_it_stops_with_a_sentence_when_a_part_of_it_dies(word: str, name: str, data: Data) -> None:
    with Demo(data) as demo:
        demo.wait_until_up()
        os.kill(data.pid_of(word), signal.SIGKILL)
        demo.wait_until_gone()
        assert f"The {name} ended" in demo.said


@pytest.mark.parametrize("data", ACCOUNTS[:1], indirect=True)
def test_a_job_worker_that_dies_is_started_again_and_a_killed_demo_takes_all_along(data: Data) -> None:
    def another_works() -> bool:
        return any("procrastinate" in line and int(line.split()[0]) != first for line in data.left())

    with Demo(data) as demo:
        demo.wait_until_up()
        first = data.pid_of("procrastinate")
        os.kill(first, signal.SIGKILL)
        wait_until(another_works, END)
        os.kill(data.pid_of("config.demo"), signal.SIGKILL)
        demo.wait_until_gone()


@pytest.mark.parametrize("data", ACCOUNTS[:1], indirect=True)
def test_nothing_that_it_prints_or_logs_names_a_child(data: Data) -> None:
    """After a look at every file of a worker's list, as a person makes it."""
    names = [*(given for given, _gender in GIVEN), *(given for given, _family, _gender in CYRILLIC)]
    with Demo(data) as demo:
        address = demo.wait_until_up()
        pages = look_around(address, password=demo.password, seed=demo.seed)
        assert any(name in pages for name in names), "the pages show what the logs must not"
        written = demo.said + data.folder.log_path.read_text(errors="replace")
    said = [*names, *FAMILY, *PLACES, *WORDS, *(family for _given, family, _gender in CYRILLIC)]
    assert [words for words in said if re.search(rf"\b{re.escape(words)}\b", written)] == []


def look_around(address: str, *, password: str, seed: str) -> str:
    """Signs in as ana and opens her list and every file on it."""
    opener = build_opener(HTTPCookieProcessor())

    def ask(path: str, sent: dict[str, str] | None = None) -> str:
        body = urlencode(sent).encode() if sent else None
        asked = Request(address + path, body, {"Referer": address})  # noqa: S310 - on loopback
        with opener.open(asked) as answer:
            return str(answer.read().decode())

    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', ask("accounts/login/"))
    assert token
    page = ask("accounts/login/", {"csrfmiddlewaretoken": token[1], "login": "ana", "password": password})
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    # The demo goes by the machine's clock; this process stands still in June.
    code = factors.code_at(seed, int(time.time()) // factors.PERIOD)
    ask("accounts/login/code/", {"csrfmiddlewaretoken": token[1], "code": code})
    listed = ask("cases/")
    return listed + "".join(
        ask(path) for path in sorted(set(re.findall(r'"/(cases/[0-9a-f-]{36}/)"', listed)))
    )


def refusal(**environment: str) -> str:
    """What the demo says instead of starting; it has not touched any data by then."""
    done = subprocess.run(
        [sys.executable, "-m", "config.demo"],
        env=bare_environment(HOMEWARD_DATA="/nowhere", **environment),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])  # noqa: S104
def test_it_refuses_every_address_but_loopback(host: str) -> None:
    assert refusal(HOST=host).startswith(f"HOST is {host}.")


def test_it_names_a_port_that_is_taken_or_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refusal(PORT=str(port)).startswith(f"Port {port} of 127.0.0.1 cannot be had")
    assert refusal(PORT="http").startswith("PORT is http.")
    assert refusal(PORT="65536").startswith("PORT is 65536.")


def test_it_fills_no_database_that_somebody_brings() -> None:
    assert "Unset DATABASE_URL" in refusal(DATABASE_URL="postgresql://somewhere/real")
