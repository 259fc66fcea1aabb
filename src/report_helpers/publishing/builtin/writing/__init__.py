"""Pandoc and Typst: parse the document, and write each format."""
