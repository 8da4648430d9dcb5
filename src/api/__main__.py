"""``python -m src.api``: serve the HTTP interface until it is told to stop.

With ``--with-parent`` it also stops when its standard input closes, that is, with the dashboard
that started it. It ends with 3 when its port is taken, and with 1 when it cannot start otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import gc
import os
import socket
import sys
import threading

import uvicorn

from src import access, house, jobs, persistence
from src.api.app import create_app
from src.config import get_settings
from src.errors import StorageError
from src.logs import configure_logs, get_logger
from src.messages import N_, Message
from src.translations import translate

PORT_TAKEN = 3
WAIT_SECONDS = 3.0
"""For a database that is locked or away: who sent an event is still waiting for the answer."""

PROXIES = "FORWARDED_ALLOW_IPS"
"""uvicorn's variable: addresses of proxies whose word about client addresses is taken."""

SWITCH_SECONDS = 0.0005
"""The thread that stores events gives the interpreter up at each statement. With Python's usual
5 ms it would wait so long each time for the one that answers requests, and all senders with it."""

DRAIN_SECONDS = 10
BACKLOG = 1024

_TAKEN = N_(
    "A API não foi iniciada: a porta {port} de {host} já está em uso. Escolha outra com "
    "BANCADA_API_PORT, ou encerre o programa que a usa."
)
_NO_PORT = N_(
    "A API não foi iniciada: a porta {port} de {host} não pode ser usada ({reason}). Confira "
    "BANCADA_API_HOST e BANCADA_API_PORT."
)

log = get_logger("src.api")


def main(with_parent: bool) -> int:
    """Serve until told to stop; return the process's exit code."""
    configure_logs()
    settings = get_settings()
    try:
        listener = _listen(settings.api_host, settings.api_port)
    except OSError as error:
        port = str(settings.api_port)  # a number would be written with a separator
        values = {"host": settings.api_host, "port": port, "reason": error.strerror}
        is_taken = error.errno == errno.EADDRINUSE
        _say(Message(_TAKEN if is_taken else _NO_PORT, values))
        return PORT_TAKEN if is_taken else 1
    sys.setswitchinterval(SWITCH_SECONDS)
    persistence.wait_at_most(WAIT_SECONDS)
    try:
        persistence.prepare()
        keys = access.load_keys()
        app = create_app(keys)
    except StorageError as error:
        _say(Message(N_("A API não foi iniciada. {reason}"), {"reason": error.message}))
        return 1
    _show(keys)
    gc.collect()
    gc.freeze()  # what was imported is not looked through again: that held every sender up
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            access_log=False,  # it would keep addresses of people
            log_config=None,
            server_header=False,
            # uvicorn would believe whoever connects from this machine, and so would any client
            # behind a forwarder (a tunnel, a container's port) that passes its headers on.
            proxy_headers=PROXIES in os.environ,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            backlog=BACKLOG,
        )
    )
    if with_parent:
        threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    jobs.repeat(house.ALWAYS)
    host, port = listener.getsockname()[:2]
    log.info("api_started", host=host, port=port)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    log.info("api_stopped")
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def _show(keys: access.Keys) -> None:
    """Show keys that were made at this start; they are never shown again."""
    shown = {
        "BANCADA_API_KEY": (keys.read, Message(N_("lê tudo: guarde em segredo"))),
        "BANCADA_WRITE_KEY": (
            keys.write,
            Message(N_("só envia eventos e avaliações: pode ficar na página do site")),
        ),
    }
    if keys.made:
        _say(Message(N_("Chaves da API feitas agora, mostradas só desta vez:")))
    for name in keys.made:
        key, what = shown[name]
        _say(Message("  {name}={key}  ({what})", {"name": name, "key": key, "what": what}))


def _say(message: Message) -> None:
    print(translate(message, get_settings().language), file=sys.stderr, flush=True)


def _end_with_parent(server: uvicorn.Server) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m src.api")
    parser.add_argument("--with-parent", action="store_true")
    sys.exit(main(**vars(parser.parse_args())))
