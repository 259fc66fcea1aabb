"""Disclosure control: no count that is printed, nor any that could be worked out, is of a few patients.

The rule is the threshold rule for tables of frequencies [1]_. A count from 1 to one below the threshold
(``disclosure_threshold`` in ``study.yml``, 5 by default, as "some agencies require" [1]_) is not shown, and
neither is one that would give it away (consequential suppression [2]_).

- What a printed fraction leaves over is a count too: 97 of 99 shows that there are 2 others.
- 0, and all, of an outcome or of a characteristic say something of everyone in the group ("group attribute
  disclosure" [1]_) and are hidden. 0 patients excluded, in a treatment group, or without a recorded value
  say nothing of a patient and are printed.
- Missing values of all patients of a table are a count like others. How many of one group have none recorded
  is no count that is printed, though denominators may tell it.
- Percentages, intervals, P values, estimates, standardised differences and points of figures go with the
  counts they are made from. A mean is of as many patients as may be shown, a quartile has as many beyond it,
  and no least or greatest value is shown.
- With fewer eligible patients than ``least_patients``, no result is shown.

References
----------
.. [1] Hundepool A, Domingo-Ferrer J, Franconi L, et al. Handbook on Statistical Disclosure Control, 2nd ed,
   2024: section 5.2 and glossary, "threshold (rule)".
.. [2] Australian Institute of Health and Welfare. Emergency department care, technical notes: counts of 1 to
   4 are not published, nor what would allow them to be derived.
"""

from report_helpers.results.disclosure.veil import veiled

__all__ = ["veiled"]
