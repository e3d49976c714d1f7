"""What Google's client costs a deployment that does not use it: nothing."""

import subprocess
import sys
from pathlib import Path

import adapters.google

ROOT = Path(adapters.google.__file__).resolve().parents[2]
BUILD = """
import sys
from adapters.google.calendar import GoogleCalendar
from adapters.google.oauth import Endpoints

before = set(sys.modules)
GoogleCalendar("id", "secret", None, Endpoints(), None).service()
heavy = ("google.", "googleapiclient", "google_auth_httplib2", "httplib2", "requests")
print([name for name in sys.modules if name.startswith(heavy)])
"""


def test_building_the_adapter_loads_none_of_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILD], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
