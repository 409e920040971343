"""Run a script as the account nobody: `python -m tests.ops.as_nobody SCRIPT ARGUMENTS…`, started by root."""

import os
import pkgutil
import runpy
import sys

import manage

# With all that they import, while we may still read root's Python.
NEEDED = (manage, pkgutil)

os.setgroups([])
os.setgid(65534)
os.setuid(65534)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
