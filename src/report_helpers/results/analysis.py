"""From a study definition and a cohort to the results: the only place that joins study and statistics."""

from __future__ import annotations

import builtins
import os
import platform
from importlib.metadata import version
from pathlib import Path

from report_helpers.results.adjusted import adjusted
from report_helpers.results.cells import OutcomeColumn
from report_helpers.results.description import baseline, missing, treatment_start
from report_helpers.results.model import Provenance, Results
from report_helpers.results.sensitivity import cutoff_curves, joint, selection, sensitivity
from report_helpers.results.unadjusted import unadjusted
from report_helpers.study.cohort import Cohort, load_cohort
from report_helpers.study.definition import Study, load_study
from report_helpers.study.eligibility import Eligibility, apply_criteria
from report_helpers.study.perturbed import PERTURBED, perturbed
from report_helpers.study.synthetic_record import as_recorded

_SOFTWARE = ("numpy", "scipy", "pandas", "great-tables", "matplotlib")


def analyse(study: str | os.PathLike[str] | Study = "study.yml", data: str | Path | None = None) -> Results:
    """Analyse a cohort as its study definition says.

    Parameters
    ----------
    study : path or Study
        The study definition, by default ``study.yml`` in the current directory or the nearest one above it
        (an executed notebook is opened in the output directory).
    data : path, optional
        The cohort file; by default the file named in the environment variable ``MANUSCRIPT_DATA``, or else
        in the study definition. Without a record of having been synthesised its patients are taken as
        real, and small counts are hidden; of a file given here by a script, the study's word is taken.

    Returns
    -------
    Results
        Every number of the manuscript, immutable.

    Raises
    ------
    StudyError
        When the study definition is wrong, with line and allowed values.
    CohortError
        When the cohort does not fit its dictionary, with column, rule, row numbers and counts.

    Examples
    --------
    >>> results = analyse("study.yml")
    >>> results.flow.screened, results.flow.eligible
    (734, 366)
    """
    definition = study if isinstance(study, Study) else load_study(_find(Path(study)))
    file = Path(data or os.environ.get("MANUSCRIPT_DATA") or definition.data.file)
    cohort = load_cohort(definition, file)
    if data is None or _in_document():
        definition = as_recorded(definition, file, cohort.fingerprint)
    # Only now: whether the patients are real is told by the file that they were drawn from.
    if number := os.environ.get(PERTURBED):
        cohort = perturbed(cohort, int(number))
    return analyse_cohort(definition, cohort)


def _find(study: Path) -> Path:
    """Return the nearest file of that name, from the current directory upwards."""
    here = Path.cwd()
    places = [study] if study.is_absolute() else [folder / study for folder in (here, *here.parents)]
    return next((place for place in places if place.is_file()), study)


def _in_document() -> bool:
    """Tell whether this is code of a manuscript or a notebook, whose outputs others will read."""
    return hasattr(builtins, "get_ipython")


def analyse_cohort(definition: Study, cohort: Cohort) -> Results:
    """Analyse a cohort that has been loaded; see ``analyse``."""
    selected = apply_criteria(definition, cohort)
    results = _results(definition, cohort, selected)
    if not definition.protects:
        return results
    from report_helpers.results.disclosure import veiled

    return veiled(results, selected)


def _results(definition: Study, cohort: Cohort, selected: Eligibility) -> Results:
    patients, frame = selected.analysed_sample, selected.analysed
    primary = OutcomeColumn.read(definition.primary, patients)
    crude = unadjusted(definition, selected)
    return Results(
        study=definition,
        data=Provenance(
            cohort.name, definition.data.synthetic, cohort.rows, cohort.fingerprint, tuple(cohort.notes)
        ),
        flow=selected.flow,
        baseline=baseline(definition, patients),
        regulated=crude.regulated,
        dysregulated=crude.dysregulated,
        interaction=crude.interaction,
        adjusted=adjusted(definition, primary, frame, crude.groups()),
        joint=joint(primary, frame),
        sensitivity=sensitivity(definition, primary, frame),
        cutoff_curves=cutoff_curves(definition, primary, frame),
        selection=selection(definition, selected.eligible, cohort.frame.drop(index=selected.eligible.index)),
        treatment_start=treatment_start(definition, patients),
        missing=missing(definition, selected.eligible_sample),
        bounds=crude.bounds,
        software={"python": platform.python_version(), **{name: version(name) for name in _SOFTWARE}},
    )
