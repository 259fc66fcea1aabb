"""Quarto runs this before it renders: version, notice, citation style and Word reference document."""

import sys

from report_helpers.publishing.prepare import main

sys.exit(main())
