"""Whether the web server of this container answers /healthz: exit code 0 or 1, for the container's health check."""

import os
import sys
from urllib.error import URLError
from urllib.request import Request, urlopen


def main() -> int:
    host = os.environ["ALLOWED_HOSTS"].split(",")[0]
    # As the proxy would ask; otherwise the answer were a redirect to https.
    request = Request("http://127.0.0.1:8000/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
    try:
        with urlopen(request, timeout=5) as answer:  # noqa: S310 - our own address
            return 0 if answer.status == 200 else 1
    except (URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main())
