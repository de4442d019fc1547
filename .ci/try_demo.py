"""Run README's first command twice, as a newcomer would, and look at the site it serves.

Uses nothing but Python itself: the command has to install the rest.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request

ADDRESS = re.compile(r"Readers:\s+(\S+)")
PAGES = ["", "articles/", "quizzes/", "admin/login/"]


def try_once(command: str, folder: str) -> str:
    """Start the site, look at it, stop it; return what it printed until it served."""
    site = subprocess.Popen(
        ["bash", "-c", command],  # noqa: S607
        env=os.environ | {"DATA_DIR": folder, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        printed = read_until_it_serves(site)
        address = ADDRESS.search(printed)
        if not address:
            sys.exit(f"The demo printed no address:\n{printed}")
        for page in PAGES:
            with urllib.request.urlopen(address[1] + page, timeout=20) as answer:  # noqa: S310
                print(answer.status, answer.url)
    finally:
        os.killpg(site.pid, signal.SIGTERM)
        site.wait(timeout=20)
    return printed


def read_until_it_serves(site: "subprocess.Popen[str]") -> str:
    printed = ""
    for line in site.stdout or []:
        printed += line
        if "Quit the server" in line:
            break
    print(printed)
    return printed


def main() -> None:
    command = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        if "with the password" not in try_once(command, folder):
            sys.exit("The first run printed no password.")
        if "an account found here" not in try_once(command, folder):
            sys.exit("The second run did not say what it found.")


if __name__ == "__main__":
    main()
