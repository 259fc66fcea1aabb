"""Pictures written into the text itself, as `data:` addresses."""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from ..scratch import write_whole

_DATA = re.compile(
    r"data:(?P<kind>image/[\w.+-]+)(?:;[^,;]*)*?(?P<base64>;base64)?,(?P<content>.*)", re.DOTALL
)


def unpack_picture(address: str, directory: Path) -> Path | None:
    """Write the picture of a `data:` address into a directory, named after its content.

    Only browsers read such addresses; all other formats want a file. None if the address holds no picture.

    Examples
    --------
    >>> unpack_picture("data:text/plain,no", Path(".")) is None
    True
    """
    found = _DATA.fullmatch(address)
    extension = mimetypes.guess_extension(found["kind"]) if found else None
    if found is None or extension is None:
        return None
    content = unquote_to_bytes(found["content"])
    if found["base64"]:
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error:
            return None
    path = directory / (hashlib.sha256(content).hexdigest()[:16] + extension)
    write_whole(path, content)
    return path
