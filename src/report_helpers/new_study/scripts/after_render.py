"""Quarto runs this after it has rendered: the list of every printed number."""

import sys

from report_helpers.publishing.numbers import main

sys.exit(main())
