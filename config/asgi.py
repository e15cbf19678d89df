"""What the web server runs: pages, and the socket that keeps open ones up to date."""

import gc
import os

import django
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator, WebsocketDenier
from django.urls import path, re_path

from config.uploads import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from accounts.consumers import LiveConsumer  # noqa: E402 - its models are there only once Django is set up

# Who comes from another site is refused before anybody asks who it is.
live = AllowedHostsOriginValidator(AuthMiddlewareStack(LiveConsumer.as_asgi()))
sockets = URLRouter([path("live/", live), re_path("", WebsocketDenier.as_asgi())])

application = ProtocolTypeRouter({"http": Handler(), "websocket": sockets})

# What was loaded stays for good: the garbage collector need not look through it, and nobody waits while it does.
gc.collect()
gc.freeze()
