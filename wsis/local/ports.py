import socket
from contextlib import closing

import psutil


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def first_free(port: int, tries: int = 100) -> int:
    """The first free port from `port` on.

    Raises:
        RuntimeError: a hundred in a row are taken.
    """
    for candidate in range(port, min(port + tries, 65_536)):
        if is_free(candidate):
            return candidate
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
