"""What the checks read of a manuscript: its sources, its page, its numbers, the text of every format."""
