"""What peers need and the product does not: installed into the ignored folder ``.cache``, seen by their own processes only."""

import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).resolve().parents[2] / ".cache" / "peers"
_PYARROW = "pyarrow==26.0.1"  # fastexcel reads eagerly through it


def bring() -> None:
    """Installs them when missing; without a package source the bench does with polars and says so."""
    if not (PEERS / "pyarrow").is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", str(PEERS)]
        subprocess.run([*command, _PYARROW], check=False, stdout=sys.stderr)
