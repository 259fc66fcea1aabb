"""What the author wrote: settings, text with its includes, cells."""
