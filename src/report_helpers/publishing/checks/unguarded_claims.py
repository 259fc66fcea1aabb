"""Comparative and causal words about the study's results that nothing guards.

A sentence typed by hand says what was found only as long as the data do. It is a finding if it has a word of
comparison (higher, more frequent, twice as likely, improved, similar, associated …), of worth (safe, works,
helps, should receive …), of proof, or of cause (effect of, due to, led to, efficacy …) and speaks of an
outcome, of treatment or of patients, unless

- the words are those of ``claim(…)`` or ``according_to(…)``, where only a word of cause is a finding;
- it cites the work whose result it tells, or stands where an abstract says what was known, and does not
  speak of “we”, “our” or “this study”;
- it asks, supposes or leaves open: may, might, could, would, should, cannot, whether, if, unless … before the
  word, in the same part of the sentence;
- it denies a cause or a proof: “is not an effect”, “no estimate shows that it caused …”, “is no proof that”;
- it says what a word means: called, means, defined, counts as;
- the word names a group, as a cut-off's label in ``study.yml`` does (“Increased NK cells”), or belongs to a
  term: effective sample size, common causes, best case, side effects, fewer than a number.

What else is right as it stands is named in ``study.yml``: checks: exceptions: unguarded-claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.prose import VALUE, Sentence, sentences
from report_helpers.study.definition import Study, load_study

CHECK = "unguarded-claim"
_OFTEN = (
    "frequent|often|likely|readily|easily|quickly|common|successful|effective|favou?rable|beneficial"
    "|(?:\\w+\\s)?(?:implantations?|pregnancies"
    "|births|sacs|loss(?:es)?|miscarriages|events)"
)
_TIMES = "(?:two|three|four|five|ten)"
_COMPARED = re.compile(
    rf"\b(?:higher|lower|greater|superior\w*|inferior\w*|better|worse|(?:more|less|fewer)\s(?:{_OFTEN})"
    r"|improv(?:e[ds]?|ing|ements?)|increas(?:e[ds]?|ing)|decreas(?:e[ds]?|ing)|reduc(?:e[ds]?|ing|tions?)|raised"
    r"|elevated|enhanc\w+|lowered|lowers|doubl(?:ed|es)|tripled|halv(?:ed|es)|r(?:ose|isen)|fell|declined"
    r"|exceed(?:s|ed)"
    r"|benefi(?:t|ts|ted|cial)|harm(?:s|ed|ful)|outperform\w*|(?:in)?effective(?:ly|ness)?|significan(?:t|tly|ce)"
    r"|similar(?:ly)?|comparable|equivalent|differ(?:s|ed)|(?:did|do|does)\snot\sdiffer|different|no\sdifference"
    r"|no\seffect|identical|success(?:ful)?"
    r"|(?:associat|correlat)(?:ed|es)\swith|predict(?:s|ed|ors?)|trend(?:s|ed)?\s(?:to|towards?|for)"
    rf"|(?:twice|half|{_TIMES}\stimes)\sas\s(?:many|much|high|{_OFTEN})|{_TIMES}-?fold"
    r"|protective|safe(?:ly)?|well[\s-]tolerated|worthwhile|worth\s(?:its|their|the)\s(?:costs?|price|effort)"
    # As verbs: “the work of others” and “this table helps to read” claim nothing.
    r"|(?<!\bthe\s)(?<!these\s)(?<!other\s)(?<!published\s)works(?!\s(?:by|of)\b)|worked"
    r"|(?<=s\s)work(?!\s(?:by|of|on)\b)"
    r"|(?:helps|helped|(?<=s\s)help)(?!\s(?:of\b|(?:to\s)?(?:see|read|judge|understand|compare|interpret)))"
    r"|(?:should|must|ought\sto)\s(?:receive|be\s(?:offered|given|prescribed"
    r"|treated(?!\s(?:as|like|with\s(?:care|caution))\b))))\b",
    re.IGNORECASE,
)
_PROVED = re.compile(
    r"(?<!\bto\s)\b(?:prove[ds]?\s(?:that|how|the|an?|our|its|their)|demonstrat(?:e[ds]?|ing))\b",
    re.IGNORECASE,
)
_CAUSED = re.compile(
    r"\b(?:effects?\s(?:of|on|in)|(?:an|no|the|treatment)\seffects?|due\sto|because\sof|owing\sto|thanks\sto|leads?\sto"
    r"|led\sto|leading\sto|caus(?:e[ds]?|ing|al(?:ly)?)|results?\sin|resulted\sin|resulting\sin|attribut(?:able|ed)"
    r"|responsible\sfor|prevent(?:s|ed)?|impact(?:s|ed)?|influenc(?:es|ed)|contribut(?:es|ed)\sto|restor(?:es|ed)"
    r"|efficac\w+)\b",
    re.IGNORECASE,
)
_SUBJECT = (
    r"outcomes?|rates?|risks?|odds|chances?|ratios?|treat\w*|therap\w*|immunotherap\w*|drugs?|regimens?|medication"
    r"|patients?|wom[ae]n|embryos?|pregnan\w+|births?|miscarriages?|loss(?:es)?|groups?|profiles?"
    r"|success\w*|it|differences?|strateg(?:y|ies)|profiling|(?:our|these|the)\s(?:data|results?|findings?)"
)
_OPEN = re.compile(
    r"\b(?:may|might|could|would|should|cannot|if|whether|unless|suppos\w+|hypothes\w+|assum\w+"
    r"|in case|were to|need(?:s|ed)?|so that|to (?:show|test|detect|see|learn|guard|judge|compare))\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|no|nor|neither|never|nothing|none|without|cannot|rather than|instead of)\b", re.I
)
_MEANT = re.compile(
    r"\b(?:call(?:ed|s)?|means?|meaning|defined|counts? as|labelled|said to be)\b", re.IGNORECASE
)
_UNPROVEN = re.compile(
    r"\b(?:no|not|nor|never|cannot|neither|nothing)\b(?:\s\w+)?\s(?:proofs?|proves?|proven|implies|imply)\b",
    re.IGNORECASE,
)
_GIVEN = r"\b(?:given|used|prescribed|administered|offered)\b"
_TERM = re.compile(
    r"\b(?:side|adverse|fixed|random)[\s-]effects?\b|\b(?:levels?|tests?)\sof\s(?:statistical\s)?significance"
    rf"|{_GIVEN}(?:[\s,]+(?:since|from|until|after|before|in|and|but|\d{{4}}|{VALUE}+))*[\s,]+(?:more|less)\soften"
    r"(?!\s(?:to|by|for|with|among|in\s(?!\d))\b)"
    r"|\beffective\ssample|\bcommon\scauses?|\b(?:best|worst)\scase|\bconfounding\sby|\bcausal\s(?:diagram|inference)"
    rf"|\b(?:fewer|more|less)\s\w+\sthan\s(?:{VALUE}|\d|that\b)|\btreatment\seffect\smodification",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:we|our|us|this study|the present study|these patients)\b", re.IGNORECASE)
_KNOWN = re.compile(r"^(?:what is (?:already )?known|background|introduction|context)\b", re.IGNORECASE)
_PART = re.compile(r"[;:.?!](?=\s|$)")


def unguarded_claims(manuscript: Manuscript) -> Iterator[Finding]:
    """Find sentences that claim what the data might not bear out; one finding for each."""
    study = load_study(manuscript.root / "study.yml")
    subject = re.compile(rf"\b(?:{'|'.join((_SUBJECT, *_words_of(study)))})\b", re.IGNORECASE)
    names = _names_of(study)
    for sentence in sentences(manuscript):
        if not subject.search(sentence.text) or _is_open(sentence):
            continue
        text = names.sub(lambda found: " " * len(found[0]), sentence.text)
        text = _TERM.sub(lambda found: " " * len(found[0]), text)
        found = _first(text, guarded=sentence.kind == "claim")
        if found:
            yield _finding(sentence, found)


def _is_open(sentence: Sentence) -> bool:
    """Return whether a sentence asks, or tells what others found."""
    if sentence.text.rstrip().endswith("?"):
        return True
    others = bool(sentence.citations) or bool(_KNOWN.match(sentence.opening))
    return others and not _OURS.search(sentence.text)


def _first(text: str, *, guarded: bool) -> re.Match[str] | None:
    """Return the first word that claims something; within a guard, only a word of cause can."""
    found = [(match, True) for match in _CAUSED.finditer(text)]
    if not guarded:
        found += [(match, True) for match in _PROVED.finditer(text)]
        found += [(match, False) for match in _COMPARED.finditer(text)]
    for match, deniable in sorted(found, key=lambda each: each[0].start()):
        before = text[: match.start()]
        part = _PART.split(before)[-1]
        open_ = _OPEN.search(part) or _MEANT.search(part) or _UNPROVEN.search(part)
        if not open_ and not (deniable and _DENIED.search(part)):
            return match
    return None


def _words_of(study: Study) -> Iterator[str]:
    """Return the words by which a study calls its outcomes and regimens."""
    labels = [*(each.label for each in study.outcomes.values()), *study.regimens.values()]
    for label in labels:
        for word in re.findall(r"[A-Za-z]{5,}", label):
            yield rf"{word.lower()}\w*"


def _names_of(study: Study) -> re.Pattern[str]:
    """Return a pattern of what the study calls its groups: “increased NK”, “NK cells were increased”."""
    names = ["(?!)"]
    for cutoff in study.cutoffs.values():
        how, *what = map(re.escape, cutoff.label.split())
        if what:
            names.append(rf"\b{how}\s(?:{'|'.join(what)})")
            names.append(rf"\b{what[0]}(?:\s\w+){{0,3}}?\s(?:is|are|was|were|being)\s{how}\b")
    return re.compile("|".join(names), re.IGNORECASE)


def _finding(sentence: Sentence, found: re.Match[str]) -> Finding:
    quote = " ".join(found[0].split())
    line = sentence.line_at(found.start())
    if _CAUSED.fullmatch(found[0]):
        what, remedy = f"“{quote}” tells of a cause, which the design may not show.", _SAY
    else:
        what, remedy = f"“{quote}” claims what the data may not bear out, and nothing guards it.", _GUARD
    return Finding(CHECK, what, line.file, line.number, remedy, quote, sentence.typed)


_GUARD = (
    "Print what was found, as `{python} r.dysregulated.any.finding` does, or guard the words: "
    '`{python} claim("higher", r.dysregulated.any)`, or according_to(…) with a text for every result. '
    "For the result of others, cite their work in this sentence."
)
_SAY = (
    "Say that treatment and outcome were associated, and guard that by claim(…) or according_to(…); "
    "or say what would have to hold for a cause. For the result of others, cite their work in this sentence."
)
