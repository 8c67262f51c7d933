"""Run the power-plant controller: `python main.py` is `ppc run`."""

import sys

from ppc.cli.main import app

if __name__ == "__main__":
    arguments = sys.argv[1:]
    if not arguments or (arguments[0].startswith("-") and arguments[0] != "--help"):
        arguments = ["run", *arguments]
    app(arguments, prog_name="main.py")
