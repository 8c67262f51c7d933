"""Certificates for both ends, made anew for each run."""

import shutil
import ssl
import subprocess

from pytest import fixture, skip

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Certificates:
    """An authority, and who it vouches for: a server and a client."""

    def __init__(self, folder):
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self._run(
            *("req", "-x509", *KEY, "-keyout", "ca.key", "-out", "ca.pem"),
            *("-days", "2", "-subj", "/CN=ca"),
        )
        self.issue("server", "IP:127.0.0.1,DNS:meter.example")
        self.issue("client", "DNS:controller.example")

    def _run(self, *command):
        subprocess.run(
            ["openssl", *command], cwd=self._folder, check=True, capture_output=True
        )

    def issue(self, name, names, *more, days=2):
        """`more`: lines of further extensions."""
        self._run(
            *("req", *KEY, "-keyout", f"{name}.key", "-out", f"{name}.csr"),
            *("-subj", f"/CN={name}"),
        )
        (self._folder / f"{name}.ext").write_text(
            "\n".join([f"subjectAltName={names}", *more, ""])
        )
        self._run(
            *("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem"),
            *("-CAkey", "ca.key", "-CAcreateserial", "-days", str(days)),
            *("-extfile", f"{name}.ext", "-out", f"{name}.pem"),
        )

    def path(self, name):
        return str(self._folder / name)

    def files(self, name):
        return {
            "ca_file": self.path("ca.pem"),
            "cert_file": self.path(f"{name}.pem"),
            "key_file": self.path(f"{name}.key"),
        }

    def context(self, name="server"):
        """How the other end secures its connections: it asks for a certificate too."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(f"{name}.pem"), self.path(f"{name}.key"))
        context.load_verify_locations(self.path("ca.pem"))
        context.verify_mode = ssl.CERT_REQUIRED
        return context


@fixture(scope="session")
def certificates(tmp_path_factory):
    if not shutil.which("openssl"):
        skip("openssl (Debian: openssl) is not installed")
    return Certificates(tmp_path_factory.mktemp("certificates"))
