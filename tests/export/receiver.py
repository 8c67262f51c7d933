"""An HTTP server that takes points as an InfluxDB does, and can be away or refuse."""

import gzip
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_LINE = re.compile(r'((?:\\.|[^ "\n])+) ((?:"(?:\\.|[^"\\])*"|[^"\n])+) (\d+)\n')


class Receiver:
    """A context. `points` by measurement, tags and time: the same is the same."""

    def __init__(self, port=0):
        self.answer, self.headers = 204, {}
        self.points = {}
        self.requests = []
        """Path, headers and lines of each: measurement and tags, fields, time."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                lines = _LINE.findall(gzip.decompress(body).decode())
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
        for head, fields, at_ns in lines:
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
