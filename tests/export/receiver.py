"""An HTTP server that takes points as an InfluxDB does, and can be away or refuse."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """A context. `points` by measurement, tags and time: the same is the same."""

    def __init__(self, port=0):
        self.answer, self.headers = 204, {}
        self.points = {}
        self.requests = []
        """Path, headers and lines of each."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                lines = gzip.decompress(body).decode().splitlines()
                receiver.requests.append((self.path, dict(self.headers), lines))
                if receiver.answer == 204:
                    receiver.take(lines)
                self.send_response(receiver.answer)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if receiver.answer != 204:
                    self.wfile.write(b'{"error": "as told"}')

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def take(self, lines):
        for line in lines:
            head, rest = line.split(" ", 1)
            fields, at_ns = rest.rsplit(" ", 1)
            self.points[head, int(at_ns)] = fields

    def of(self, table):
        return [point for point in self.points if point[0].startswith(f"{table},")]

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
