"""`python -m config.cli`: the same as `siban`."""

import sys

from . import main

sys.exit(main())
