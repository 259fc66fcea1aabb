"""Find what is numbered, number it, and let the text refer to it; the same for every format."""
