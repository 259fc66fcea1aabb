"""Released versions: tagged in git, filed under ``versions/``, never changed, and made again to be compared.

The tag of a version holds the SHA-256 of every document that was made of it. So the files need not be in
git: whoever has the tag can tell whether a file is the one that was released, and can file it anew.
"""
