"""Where the program's own data and the user's data lie, from source and from the installed program."""

import os
import sys
from pathlib import Path


def resources() -> Path:
    """The folder ``resources`` beside the program."""
    bundle = getattr(sys, "_MEIPASS", None)
    return (Path(bundle) if bundle else Path(__file__).resolve().parents[2]) / "resources"


def user_data() -> Path:
    """The folder for settings and default workspaces; ``LVDESK_HOME`` moves it."""
    home = os.environ.get("LVDESK_HOME")
    if home:
        return Path(home)
    if sys.platform == "win32":
        # Not APPDATA: roaming profiles often lie on a share, where no database may be.
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "LVDesk"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "lvdesk"
