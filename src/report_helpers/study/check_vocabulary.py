"""How clinics call the columns and codes of the dictionary, in English, German, Spanish and French.

Only for suggestions, which an author confirms: nothing is read through these words by itself. They are also
the only words of a file that a report may repeat; see `check_guesses`.
"""

from __future__ import annotations

from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split("|"))


HEADINGS: Mapping[str, tuple[str, ...]] = {
    "patient_id": _words(
        "id | pid | patient | patient no | patient number | patient nr | pat id | pat nr | patientennummer | "
        "fallnummer | study id | record id | subject id | case id | pseudonym | paciente | n historia | "
        "numero"
    ),
    "centre": _words("center | clinic | site | hospital | zentrum | klinik | centro | clinica | centre"),
    "screening_date": _words(
        "screening | date of screening | screened on | screeningdatum | visit date | first visit | "
        "erstvorstellung | aufnahmedatum | fecha de cribado | fecha de visita | date de depistage"
    ),
    "age_years": _words(
        "age | alter | alter jahre | edad | edad anos | maternal age | patient age | female age"
    ),
    "bmi_kg_m2": _words("bmi | body mass index | imc | indice de masa corporal | quetelet"),
    "infertility_type": _words(
        "type of infertility | infertility | art der sterilitat | sterilitat | infertilitat | "
        "tipo de esterilidad | type d infertilite"
    ),
    "infertility_duration_years": _words(
        "duration of infertility | infertility duration | infertility years | years of infertility | "
        "dauer der sterilitat | kinderwunschdauer | anos de esterilidad | duree de l infertilite"
    ),
    "previous_failed_transfers": _words(
        "failed transfers | previous failures | number of failed transfers | previous failed et | "
        "implantation failures | rif | erfolglose transfers | fehlgeschlagene transfers | "
        "vorherige transfers | "
        "transferencias fallidas | fallos previos | echecs d implantation"
    ),
    "previous_miscarriages": _words(
        "miscarriages | previous abortions | pregnancy losses | fehlgeburten | aborte | abortos | "
        "abortos previos | fausses couches"
    ),
    "oocyte_source": _words(
        "oocytes | oocyte | egg source | egg donor | eizellen | eizellherkunft | ovocitos | "
        "origen de los ovocitos | ovocytes"
    ),
    "female_reproductive_disease": _words(
        "reproductive disease | gynaecological disease | gynecological disease | uterine disease | "
        "gynakologische erkrankung | enfermedad ginecologica | maladie gynecologique"
    ),
    "immune_disease": _words(
        "autoimmune disease | immune disorder | autoimmunerkrankung | immunerkrankung | "
        "enfermedad autoinmune | "
        "enfermedad inmune | maladie auto immune"
    ),
    "biopsy_date": _words(
        "biopsy | date of biopsy | endometrial biopsy | biopsie | biopsiedatum | datum biopsie | "
        "fecha de biopsia | fecha biopsia | date de biopsie"
    ),
    "immune_profile_status": _words(
        "profile status | immune profile | assay status | profil status | immunprofil | perfil inmune | "
        "profil immunitaire"
    ),
    "th1_th2_ratio": _words(
        "th1 th2 | th1th2 | th1 th2 quotient | ratio th1 th2 | quotient th1 th2 | cociente th1 th2"
    ),
    "nk_cells_percent": _words(
        "nk | nk percent | nk cells | nk zellen | unk | unk cells | cd56 | cd56 percent | celulas nk | "
        "cellules nk"
    ),
    "embryo_transfer": _words(
        "et | transfer done | transfer performed | transfer | embryotransfer | transferencia | "
        "transferencia embrionaria | transfert embryonnaire"
    ),
    "transfer_date": _words(
        "date of transfer | et date | date of et | embryo transfer date | transferdatum | datum transfer | "
        "datum et | et datum | fecha de transferencia | fecha transferencia | date de transfert"
    ),
    "cycle_type": _words(
        "cycle | type of cycle | fresh or frozen | fresh frozen | zyklus | zyklusart | tipo de ciclo | "
        "type de cycle"
    ),
    "embryo_stage": _words(
        "stage | stage of embryo | embryostadium | stadium | estadio | estadio embrionario | "
        "stade embryonnaire"
    ),
    "embryo_quality": _words(
        "quality | best embryo | embryo grade | embryoqualitat | qualitat | calidad | calidad embrionaria | "
        "qualite embryonnaire"
    ),
    "embryos_transferred": _words(
        "number of embryos | no of embryos | n embryos | embryos | anzahl embryonen | embryonen | "
        "numero de embriones | n embriones | embriones transferidos | nombre d embryons"
    ),
    "pgt_a": _words("pgt | pgta | pgs | pid aneuploidie | genetic testing | diagnostico genetico"),
    "immunotherapy_regimen": _words(
        "immunotherapy | regimen | treatment | therapy | immuntherapie | behandlung | therapie | "
        "inmunoterapia | "
        "tratamiento | immunotherapie | traitement"
    ),
    "immunotherapy_timing": _words(
        "timing | timing of immunotherapy | treatment timing | zeitpunkt | therapiezeitpunkt | momento | "
        "momento del tratamiento"
    ),
    "immunotherapy_planned_before_transfer": _words(
        "planned | planned before transfer | plan documented | geplant | planificado | prevu"
    ),
    "immunotherapy_start_date": _words(
        "start of treatment | treatment start | start date | first dose | therapiebeginn | inicio tratamiento"
    ),
    "hcg_date": _words(
        "date of hcg | hcg datum | bhcg date | beta hcg date | fecha hcg | pregnancy test date"
    ),
    "hcg_positive": _words(
        "hcg | bhcg | beta hcg | positive hcg | pregnancy test | schwangerschaftstest | hcg positiv | "
        "hcg positivo | test de embarazo | test de grossesse"
    ),
    "gestational_sacs": _words(
        "sacs | number of sacs | gestational sac | n sacs | fruchthohlen | fruchthohle | fruchtsacke | "
        "sacos | sacos gestacionales | sacs gestationnels"
    ),
    "clinical_pregnancy": _words(
        "pregnancy | pregnant | klinische schwangerschaft | schwangerschaft | embarazo | embarazo clinico | "
        "grossesse clinique"
    ),
    "live_birth": _words(
        "birth | delivery | lebendgeburt | geburt | nacido vivo | nacimiento | parto | naissance vivante"
    ),
    "adverse_event": _words(
        "adverse events | side effects | complication | nebenwirkung | nebenwirkungen | "
        "unerwunschtes ereignis | "
        "efecto adverso | evento adverso | effet indesirable"
    ),
}
"""Headings by the dictionary's column, plain (see `check_guesses.plain`); the column's own name is known."""

YES = _words(
    "yes | ja | si | oui | positive | positiv | positivo | positif | done | performed | present | pos"
)
NO = _words(
    "no | nein | non | negative | negativ | negativo | negatif | none | keine | kein | not done | "
    "absent | neg"
)

NONE = _words(
    "none | no | nein | kein | keine | keiner | keines | nil | ninguno | ninguna | sin | aucun | aucune | "
    "absent | untreated | unbehandelt | not treated | control"
)

CODES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "infertility_type": {
        "primary": _words("primar | primare | primaria | primario | primaire | prim | i"),
        "secondary": _words("sekundar | sekundare | secundaria | secundario | secondaire | sek | sec | ii"),
    },
    "oocyte_source": {
        "own": _words("eigen | eigene | autologous | autolog | propio | propios | propre | patient"),
        "donor": _words(
            "donated | donation | spende | spenderin | fremd | donante | donacion | donneuse | don"
        ),
    },
    "female_reproductive_disease": {
        "none": NONE,
        "endometriosis": _words("endometriose | endo"),
        "adenomyosis": _words("adenomyose | adenomiosis"),
        "uterine_anomaly": _words(
            "uterine malformation | uterusanomalie | uterusfehlbildung | septum | anomalia uterina | "
            "malformacion uterina | anomalie uterine"
        ),
        "hydrosalpinx": _words("hydrosalpinges | hidrosalpinx"),
        "other": _words(
            "others | other disease | andere | anderes | sonstige | otra | otro | autre | pcos | myoma"
        ),
    },
    "immune_disease": {
        "none": NONE,
        "autoimmune_thyroiditis": _words("hashimoto | thyroiditis | tiroiditis | thyroidite"),
        "lupus": _words("sle | systemic lupus | les"),
        "antiphospholipid_syndrome": _words("aps | antiphospholipid | antiphospholipidsyndrom | saf"),
        "other": _words("others | other disease | andere | anderes | sonstige | otra | otro | autre | ra"),
    },
    "immune_profile_status": {
        "quantified": _words(
            "ok | done | measured | quantifiziert | gemessen | cuantificado | quantifie | yes"
        ),
        "insufficient_tissue": _words(
            "insufficient | too little tissue | zu wenig gewebe | insuffizient | tejido insuficiente"
        ),
        "assay_failed": _words("failed | failure | fehlgeschlagen | fallido | echec"),
        "not_done": _words("missing | nicht durchgefuhrt | no realizado | non fait | no"),
    },
    "cycle_type": {
        "fresh": _words("frisch | fresco | frais | fresh transfer"),
        "frozen": _words(
            "fet | cryo | kryo | frozen thawed | thawed | aufgetaut | congelado | criotransferencia | congele"
        ),
    },
    "embryo_stage": {
        "cleavage": _words("cleavage stage | day 2 | day 3 | d2 | d3 | teilungsstadium | clivaje | clivage"),
        "blastocyst": _words("day 5 | day 6 | d5 | d6 | blastozyste | blastocisto | blastocyste | blasto"),
    },
    "embryo_quality": {
        "good": _words("gut | buena | bueno | bonne | high | top | a"),
        "fair": _words("mittel | massig | regular | moyenne | moderate | average | intermediate | b"),
        "poor": _words("schlecht | mala | malo | mauvaise | low | bad | c"),
    },
    "immunotherapy_regimen": {
        "none": NONE,
        "prednisone": _words("prednison | prednisolon | prednisolone | prednisona | pred | prednisone alone"),
        "prednisone_tacrolimus": _words(
            "prednison tacrolimus | prednisona tacrolimus | prednisolone tacrolimus | "
            "prednisolon tacrolimus | "
            "prednisone with tacrolimus | pred tac | pred tacro | prednison mit tacrolimus | "
            "tacrolimus prednisone"
        ),
        "other": _words(
            "others | andere | anderes | sonstige | otra | otro | autre | ivig | intralipid | intralipids"
        ),
    },
    "immunotherapy_timing": {
        "none": NONE,
        "before": _words("before transfer | vor | vor transfer | vorher | antes | avant | pre"),
        "after": _words("after transfer | nach | nach transfer | nachher | despues | apres | post"),
        "before_and_after": _words(
            "both | before after | vor und nach | vorher und nachher | beides | antes y despues | "
            "avant et apres"
        ),
    },
    "adverse_event": {
        "none": NONE,
        "infection": _words("infektion | infeccion"),
        "hypertension": _words("hypertonie | bluthochdruck | hipertension | htn"),
        "gestational_diabetes": _words("gdm | diabetes | gestationsdiabetes | diabetes gestacional"),
        "other": _words("others | andere | anderes | sonstige | otra | otro | autre"),
    },
}
"""Words for the codes of each category but those of yes and no, plain."""

MISSING = _words(
    "unknown | unk | not recorded | not known | missing | n a | na | nan | nd | null | unbekannt | "
    "nicht bekannt | "
    "fehlt | fehlend | k a | keine angabe | desconocido | no consta | sin dato | inconnu | ? | - | . | "
    "-- | ..."
)
"""Words that say that nothing is known."""

MISSING_NUMBERS = (
    "-1",
    "-7",
    "-8",
    "-9",
    "-88",
    "-99",
    "-888",
    "-999",
    "-9999",
    "9",
    "99",
    "999",
    "9999",
    "88",
    "888",
)
"""Numbers by which databases say the same."""
