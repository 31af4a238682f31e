"""A line that dies: passes bytes on to a port and cuts the connection after every so many bytes of uploads."""

import contextlib
import socket
import struct
import threading

RESET = struct.pack("ii", 1, 0)


class Tunnel:
    """Listens on `port`; `cut_every` counts bytes of PUT bodies, `carried` is how many of them were passed on."""

    def __init__(self, target: int, cut_every: int = 0) -> None:
        self.target, self.cut_every = target, cut_every
        self.carried = self.cuts = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            self._reset(client)
            return
        threading.Thread(target=self._back, args=(server, client), daemon=True).start()
        request = _Requests()
        with contextlib.suppress(OSError):
            while data := client.recv(16 * 1024):
                passed = self._until_cut(request.uploaded(data), len(data))
                server.sendall(data[:passed])
                if passed < len(data):
                    break
            server.shutdown(socket.SHUT_WR)  # the server learns that the line is dead; the browser gets no answer
        self._reset(client)

    def _until_cut(self, bodies: list[tuple[int, int]], length: int) -> int:
        """How many bytes of this piece still pass; `bodies` are its stretches of upload."""
        with self._lock:
            for start, end in bodies:
                left = self.cut_every - self.carried % self.cut_every if self.cut_every else end - start + 1
                if end - start >= left:
                    self.carried += left
                    self.cuts += 1
                    return start + left
                self.carried += end - start
            return length

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(64 * 1024):
                client.sendall(data)
        server.close()
        self._reset(client)

    def _reset(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.shutdown(socket.SHUT_RDWR)
        client.close()


class _Requests:
    """Follows the requests of one connection, as far as it takes to know which bytes are bodies of uploads."""

    def __init__(self) -> None:
        self.head, self.left, self.is_upload, self.is_socket = b"", 0, False, False

    def uploaded(self, data: bytes) -> list[tuple[int, int]]:
        found, at = [], 0
        while at < len(data) and not self.is_socket:
            if self.left:
                end = min(len(data), at + self.left)
                if self.is_upload:
                    found.append((at, end))
                self.left -= end - at
                at = end
                continue
            before = len(self.head)
            self.head += data[at:]
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                break
            at += end + 4 - before
            self._begin(self.head[:end].lower())
            self.head = b""
        return found

    def _begin(self, head: bytes) -> None:
        lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.startswith(b"content-length:")]
        self.left = int(lengths[0]) if lengths else 0
        self.is_upload = head.startswith(b"put /files/")
        self.is_socket = b"upgrade: websocket" in head
