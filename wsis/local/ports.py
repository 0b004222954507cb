import socket
from contextlib import suppress

import psutil


def listen(port: int, host: str = "127.0.0.1", tries: int = 100) -> socket.socket:
    """A listening socket on the first free port from `port` on. Whoever connects waits until somebody accepts.

    Raises:
        RuntimeError: a hundred in a row are taken.
    """
    for candidate in range(port, min(port + tries, 65_536)):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            listener.bind((host, candidate))
            listener.listen(2048)
            return listener
        listener.close()
    raise RuntimeError(f"No port from {port} to {port + tries - 1} is free. Set PORT to another.")


def who_listens(port: int) -> str:
    """The program that holds `port`, in words, as far as this user may know."""
    try:
        holders = {
            connection.pid
            for connection in psutil.net_connections(kind="tcp")
            if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
        }
        for pid in holders - {None}:
            return f"{psutil.Process(pid).name()}, process {pid}"
    except psutil.Error:
        pass
    return "another program"
