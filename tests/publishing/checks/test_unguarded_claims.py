"""Words of comparison and cause that nothing guards are found; questions, names and citations are not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.unguarded_claims import unguarded_claims

from .parts import not_allowed, study
from .planting import Fault, Planter, assert_found, fault

RESULTS = "chapters/dysregulated-results.qmd"
ALONE = "All outcomes are in @suptbl-outcomes."


def alone(sentence: str, quote: str) -> Fault:
    """Return the fault of one more sentence among the secondary outcomes."""
    return fault((RESULTS, ALONE, f"{ALONE}\n{sentence}"), at=sentence, says=f"“{quote}”")


FAULTS = {
    "higher": alone("Implantation was higher with immunotherapy.", "higher"),
    "higher, with a value beside it": alone(
        "The rate was higher in treated patients (`{python} r.dysregulated.any.risk_ratio`).", "higher"
    ),
    "lower": alone("Live birth was lower without treatment.", "lower"),
    "more frequent": alone("Implantation was more frequent after prednisone.", "more frequent"),
    "more of them": alone("There were more live births with tacrolimus.", "more live births"),
    "fewer": alone("Treated patients had fewer miscarriages.", "fewer miscarriages"),
    "improved": alone("Immunotherapy improved implantation.", "improved"),
    "reduced": alone("Prednisone reduced early losses.", "reduced"),
    "increased": alone("The rate of pregnancy increased with treatment.", "increased"),
    "better": alone("Treated patients had a better outcome.", "better"),
    "superior": alone("Tacrolimus was superior in these patients.", "superior"),
    "beneficial": alone("Treatment proved beneficial.", "beneficial"),
    "effective": alone("Immunotherapy was effective in dysregulated profiles.", "effective"),
    "significant": alone("The risk ratio was significant.", "significant"),
    "significantly": alone("The groups differed significantly in live birth.", "differed"),
    "associated": alone("Immunotherapy was associated with implantation.", "associated with"),
    "similar": alone("Live birth was similar in both groups.", "similar"),
    "no difference": alone("There was no difference in live birth.", "no difference"),
    "no effect": alone("Treatment had no effect on implantation.", "no effect"),
    "not higher": alone("Implantation was not higher with treatment.", "higher"),
    "effect of": alone("The effect of treatment is plain.", "The effect"),
    "due to": alone("The many implantations were due to prednisone.", "due to"),
    "because of": alone("Patients conceived because of the treatment.", "because of"),
    "led to": alone("Immunotherapy led to implantation.", "led to"),
    "caused": alone("Treatment caused these implantations.", "caused"),
    "results in": alone("Immunotherapy results in implantation.", "results in"),
    "efficacy": alone("This shows the efficacy of immunotherapy.", "efficacy"),
    "a modal only behind it": alone("Treatment improved implantation, and should be offered.", "improved"),
    "a question only before it": alone(
        "Whether it lasts is open; treatment improved implantation.", "improved"
    ),
    "our results beside a citation": alone(
        "In our patients too, implantation was higher [@sun2023].", "higher"
    ),
    "significant, of no named outcome": alone("The difference was significant.", "significant"),
    "did not differ": alone("Rates did not differ between the groups.", "did not differ"),
    "protective": alone("Tacrolimus was protective.", "protective"),
    "safe": alone("Prednisone was safe.", "safe"),
    "works": alone("We conclude that the strategy works.", "works"),
    "work": alone("These drugs work.", "work"),
    "helps": alone("Prednisone helps these patients to conceive.", "helps"),
    "demonstrates": alone("Our results demonstrate the role of treatment.", "demonstrate"),
    "proves": alone("Our data prove the role of immune dysregulation.", "prove the"),
    "should receive": alone("Dysregulated patients should receive prednisone.", "should receive"),
    "should be offered": alone("Patients should be offered prednisone.", "should be offered"),
    "should be treated": alone("Dysregulated profiles should be treated.", "should be treated"),
    "more readily": alone("Women treated after profiling conceived more readily.", "more readily"),
    "worth its cost": alone("Profiling is worth its cost.", "worth its cost"),
    "twice as frequent": alone("Implantation was about twice as frequent then.", "twice as frequent"),
    "three times as likely": alone("Implantation was three times as likely.", "three times as likely"),
    "more often, of an outcome": alone("Patients given prednisone conceived more often.", "more often"),
    "more often, of a group": alone("Prednisone was given more often to older patients.", "more often"),
    "a side effect": alone("Side effects were more frequent with tacrolimus.", "more frequent"),
    "in a heading": fault(
        (RESULTS, "### Regimens", "### Higher implantation with prednisone"), at="### Higher", says="“Higher”"
    ),
    "in a caption": fault(
        (RESULTS, "Overlapping groups are marked.", "Treatment improved implantation."),
        at="Treatment improved",
        says="“improved”",
    ),
    "a cause within a claim": fault(
        ("index.qmd", 'claim("several groups are small"', 'claim("treatment caused implantation"'),
        at="treatment caused",
        says="“caused”",
    ),
    "what was known, of this study": fault(
        (
            "index.qmd",
            "**What is known already.**",
            "**What is known already.**\nWe found higher implantation rates.",
        ),
        at="We found",
        says="“higher”",
    ),
}


@pytest.fixture(autouse=True, scope="module")
def study_read_once() -> Iterator[None]:
    """Reading study.yml takes ten times as long as the check."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("report_helpers.publishing.checks.unguarded_claims.load_study", lambda path: study())
        yield


def found_in(manuscript: Manuscript) -> list[Finding]:
    """Return what is found and not allowed in study.yml."""
    return not_allowed(unguarded_claims(manuscript))


def test_the_shipped_manuscript_claims_nothing_unguarded(manuscript: Manuscript) -> None:
    assert list(map(str, found_in(manuscript))) == []


def test_the_title_stands_only_because_study_yml_says_so(manuscript: Manuscript) -> None:
    titles = [each for each in unguarded_claims(manuscript) if each.line == 2 and each.file == "index.qmd"]
    assert [each.quote for each in titles] == ["Efficacy"]


@pytest.mark.parametrize("name", FAULTS)
def test_a_claim_that_nothing_guards_is_found_once_with_its_line(name: str, plant: Planter) -> None:
    manuscript = plant(FAULTS[name])
    assert_found(found_in(manuscript), manuscript, FAULTS[name])


@pytest.mark.parametrize(
    "sentence",
    [
        "An association found in this way is not an effect of treatment.",
        "Treatment may have improved implantation, and might be better.",
        "Whether implantation is higher with treatment is a question for a trial.",
        "If patients with a poorer outlook were treated more often, the estimates are biased.",
        "Is implantation more frequent with treatment?",
        "Implantation was higher with prednisone in the trial [@sun2023].",
        "Implantation was `{python} r.dysregulated.any.finding` with treatment.",
        '`{python} claim("higher", r.dysregulated.any)` was the rate of implantation.',
        "Patients with increased NK cells or an elevated Th1/Th2 ratio were treated.",
        "Patients whose NK cells alone were increased were treated.",
        "A rate is called higher where the interval of its risk ratio says so.",
        "Values above 1 mean that implantation was more frequent.",
        "The effective sample size of treated patients is given, in the best case.",
        "Adjusted for the common causes of treatment and implantation.",
        "Fewer events than `{python} r.study.adjustment.least_events_per_term` were no reason to treat.",
        "Work by Bozdağ and others on these patients should be mentioned.",
        "The work of others, and the published works on treatment, are named.",
        "This table helps to read how patients were treated.",
        "Side effects of treatment were not recorded.",
        "An association is no proof that treatment has no effect.",
        "It does not prove that treatment works.",
        "Patients had treatments given since 2011, and more often from 2015.",
        "Treatment may be safe or protective; whether prednisone helps is open.",
        "Rates near 1 should be treated with caution.",
        "The level of significance was the same for all outcomes.",
        "The last section is longer, and a higher resolution was chosen for print.",
    ],
)
def test_what_claims_nothing_is_left_alone(sentence: str, plant: Planter) -> None:
    assert list(map(str, found_in(plant(alone(sentence, ""))))) == []
