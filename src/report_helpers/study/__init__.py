"""Who is in the study: its definition, its cohort, and the flow from screening to analysis."""
