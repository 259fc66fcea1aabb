"""The columns of a cohort file: the one place that says what each may hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# The three ways in which the dictionary allows a value to be blank, besides "no" and "yes".
ALLOWED, NEVER = "yes", "no"
WHERE_NO_TRANSFER = "where embryo_transfer is no"
WHERE_NOT_QUANTIFIED = "where not quantified"


@dataclass(frozen=True)
class Column:
    """One column of the cohort.

    Parameters
    ----------
    name : str
        The heading in the file.
    kind : {"text", "category", "number", "integer", "date"}
    values : tuple of str
        The codes a category may take; empty where the category is free text.
    low, high : float or None
        Range of a number, both ends included unless ``low_excluded``.
    required : bool
        Whether the file must have the column.
    missing : str
        Where a value may be blank: ``"no"``, ``"yes"``, or the condition in words.
    meaning : str
    unit : str
        Unit of a number, or the format of the text.
    """

    name: str
    kind: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    required: bool = True
    missing: str = NEVER
    meaning: str = ""
    unit: str = ""
    low_excluded: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers."""
        return self.kind in ("number", "integer")

    @property
    def range_words(self) -> str:
        """The range of a number in words, such as ``18-55``; empty for other kinds."""
        if self.low is None:
            return ""
        return f"> {self.low:g}" if self.high is None else f"{self.low:g}-{self.high:g}"

    @property
    def unit_or_values(self) -> str:
        """The allowed codes, or unit and range, as the printed dictionary shows them."""
        return "|".join(self.values) or " ".join(part for part in (self.unit, self.range_words) if part)


def _text(name: str, unit: str, meaning: str) -> Column:
    return Column(name, "text", unit=unit, meaning=meaning)


def _category(
    name: str, values: str, meaning: str = "", *, required: bool = True, missing: str = ALLOWED
) -> Column:
    return Column(
        name, "category", tuple(values.split()), required=required, missing=missing, meaning=meaning
    )


def _date(name: str, meaning: str = "", *, required: bool = True, missing: str = ALLOWED) -> Column:
    return Column(name, "date", required=required, missing=missing, meaning=meaning, unit="ISO 8601")


def _number(
    name: str,
    unit: str,
    low: float,
    high: float | None,
    meaning: str = "",
    *,
    kind: str = "number",
    required: bool = True,
    missing: str = ALLOWED,
) -> Column:
    return Column(
        name,
        kind,
        low=low,
        high=high,
        required=required,
        missing=missing,
        meaning=meaning,
        unit=unit,
        low_excluded=high is None,
    )


_ALL = (
    _text("patient_id", "unique", "pseudonym; never printed anywhere"),
    Column("centre", "category", missing=NEVER, meaning="clinic", unit="free text"),
    _date("screening_date", "day the record was screened; within the study period", missing=NEVER),
    _number("age_years", "years", 18, 55, "age at transfer (oocyte age in own cycles)"),
    _number("bmi_kg_m2", "kg/m2", 12, 70, "body mass index"),
    _category("infertility_type", "primary secondary"),
    _number("infertility_duration_years", "years", 0, 30, required=False),
    _number("previous_failed_transfers", "", 0, 30, "failed transfers before this one", kind="integer"),
    _number("previous_miscarriages", "", 0, 20, kind="integer", required=False),
    _category("oocyte_source", "own donor"),
    _category(
        "female_reproductive_disease",
        "none endometriosis adenomyosis uterine_anomaly hydrosalpinx other",
        "any but none is an exclusion",
    ),
    _category(
        "immune_disease",
        "none autoimmune_thyroiditis lupus antiphospholipid_syndrome other",
        "any but none is an exclusion",
    ),
    _date("biopsy_date", "timed endometrial biopsy; before transfer_date", required=False),
    _category(
        "immune_profile_status",
        "quantified insufficient_tissue assay_failed not_done",
        "anything but quantified is an exclusion",
        missing=NEVER,
    ),
    _number("th1_th2_ratio", "ratio", 0, None, "endometrial Th1/Th2 ratio", missing=WHERE_NOT_QUANTIFIED),
    _number(
        "nk_cells_percent",
        "percent",
        0,
        100,
        "NK cells (CD56+) of endometrial leucocytes",
        missing=WHERE_NOT_QUANTIFIED,
    ),
    _category("embryo_transfer", "yes no", "no is an exclusion", missing=NEVER),
    _date("transfer_date", "first transfer after the biopsy", missing=WHERE_NO_TRANSFER),
    _category("cycle_type", "fresh frozen", missing=WHERE_NO_TRANSFER),
    _category("embryo_stage", "cleavage blastocyst", missing=WHERE_NO_TRANSFER),
    _category("embryo_quality", "good fair poor", "best embryo transferred", missing=WHERE_NO_TRANSFER),
    _number("embryos_transferred", "", 1, 4, kind="integer", missing=WHERE_NO_TRANSFER),
    _category("pgt_a", "yes no", "preimplantation genetic testing for aneuploidy", required=False),
    _category(
        "immunotherapy_regimen",
        "none prednisone prednisone_tacrolimus other",
        "regimen received",
        missing=WHERE_NO_TRANSFER,
    ),
    _category(
        "immunotherapy_timing",
        "none before after before_and_after",
        "relative to transfer; none exactly where regimen is none",
        missing=WHERE_NO_TRANSFER,
    ),
    _category(
        "immunotherapy_planned_before_transfer",
        "yes no",
        "was the plan documented before transfer",
        required=False,
    ),
    _date("immunotherapy_start_date", "first dose", required=False),
    _date("hcg_date", required=False),
    _category("hcg_positive", "yes no"),
    _number(
        "gestational_sacs",
        "",
        0,
        6,
        "sacs on ultrasound; may exceed embryos_transferred (monozygotic) and is then flagged",
        kind="integer",
    ),
    _category("clinical_pregnancy", "yes no"),
    _category("live_birth", "yes no", "blank while pending", required=False),
    _category("adverse_event", "none infection hypertension gestational_diabetes other", required=False),
)

COLUMNS: Mapping[str, Column] = MappingProxyType({column.name: column for column in _ALL})
"""Every column of the cohort by its name, in the order of the file."""


def dictionary_csv() -> str:
    r"""Return the dictionary as the CSV text shipped beside a cohort, lines ended by ``\n``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["column", "type", "unit or values", "required", "missing allowed", "meaning"])
    for column in COLUMNS.values():
        required = "yes" if column.required else "no"
        writer.writerow(
            [column.name, column.kind, column.unit_or_values, required, column.missing, column.meaning]
        )
    return text.getvalue()
