"""The calendar server's own process: Radicale until its parent closes our standard input.

Run by path with the configuration file as its argument; it imports nothing of the project. The
parent holds the other end of standard input and never writes: when the parent ends, however it
ends, reading returns and this process ends too.
"""

import os
import sys
import threading

from radicale import config, log, server


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    """Serve with the configuration of the file named on the command line."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    log.setup()
    configuration = config.load([(sys.argv[1], False)])
    # The demo's world can be made anew: waiting for the disk would only make it slow.
    configuration.update({"storage": {"_filesystem_fsync": "False"}}, "demo", privileged=True)
    log.set_level(configuration.get("logging", "level"), backtrace_on_debug=False)
    server.serve(configuration)


if __name__ == "__main__":
    main()
