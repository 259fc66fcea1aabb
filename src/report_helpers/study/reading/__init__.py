"""From a file as clinics export it to the columns of the dictionary, in steps that each do one thing.

bytes (``source``) → table of a text, workbook, Parquet or statistical file (``tables`` chooses) → one row per
patient (``events``) → columns of the dictionary with their codes (``mapping``). What the values may be is
decided later, by ``cohort_values`` and ``cohort_rules``.
"""
