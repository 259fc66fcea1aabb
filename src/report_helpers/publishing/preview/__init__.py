"""The manuscript in a browser, made anew whenever a source is saved.

Built again is only what a save can have changed: the page always, the results only if something changed that
they rest on. Everything lives in this process; the project's own output directory is left alone.
"""

from .session import serve

__all__ = ["serve"]
