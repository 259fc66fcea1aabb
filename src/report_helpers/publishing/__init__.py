"""From chapters and results to files: both render engines, versions, the number ledger."""
