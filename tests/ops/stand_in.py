"""A stand-in for the application: it uses the embedded database of a folder until it is told to stop, or is killed.

Run by the tests as `python -m tests.ops.stand_in FOLDER UID`.
"""

import json
import os
import sys
from pathlib import Path

from db import embedded

folder, uid = Path(sys.argv[1]), int(sys.argv[2])
if uid != os.getuid():
    # Only now, with everything imported: root's Python may lie where others cannot read.
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)

said: list[str] = []
try:
    server = embedded.start(folder, say=said.append)
except embedded.EmbeddedError as error:
    print(json.dumps({"refusal": str(error)}), flush=True)
    sys.exit(2)
facts = {"postgres": server.pid, "url": server.url("postgres"), "said": said}
facts |= {"data": str(server.data_dir), "sockets": str(server.socket_dir)}
print(json.dumps(facts), flush=True)
sys.stdin.read()
server.stop()
