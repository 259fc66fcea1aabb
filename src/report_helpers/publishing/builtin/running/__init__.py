"""The code: one kernel run, and the document put together again after it."""
