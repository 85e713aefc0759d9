"""`python -m activities.codes` writes the page of all lists."""

import sys

from activities.codes.page import page

sys.stdout.write(page())
