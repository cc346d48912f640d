#!/usr/bin/env python
"""Run a management command against the services that the environment names.

`./portal manage` starts the embedded services first.
"""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mfv_portal.settings")
    execute_from_command_line(sys.argv)
