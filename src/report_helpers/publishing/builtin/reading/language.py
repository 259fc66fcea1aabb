"""The few words Quarto sets by itself, in the languages it sets them in: `Figure`, `Section`, `Proof`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import UnsupportedError
from .files import Place, nowhere

_ORDER = (
    "fig", "tbl", "lst", "sec", "eq", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "proof",
    "remark", "solution", "code", "abstract",
)  # fmt: skip
_OTHERS = {"code-summary": "code", "section-title-abstract": "abstract"}
_WORDS = {
    "en": "Figure Table Listing Section Equation Theorem Lemma Corollary Proposition Conjecture Definition "
    "Example Exercise Proof Remark Solution Code Abstract",
    "da": "Figur Tabel Liste Sektion Ligning Sætning Hjælpesætning Følgesætning Erklæring Formodning "
    "Definition Eksempel Øvelse Bevis Bemærkning Løsning Kode Resume",
    "de": "Abbildung Tabelle Listing Kapitel Gleichung Theorem Lemma Korollar Aussage Annahme Definition "
    "Beispiel Übungsaufgabe Beweis Anmerkung Lösung Code Zusammenfassung",
    "es": "Figura Tabla Listado Sección Ecuación Teorema Lema Corolario Proposición Conjetura Definición "
    "Ejemplo Ejercicio Demostración Observación Solución Código Resumen",
    "fi": "Kuva Taulukko Listaus Alaluku Yhtälö Lause Apulause Korollaari Väittämä Konjektuuri Määritelmä "
    "Esimerkki Harjoitus Todistus Huomautus Ratkaisu Koodi Tiivistelmä",
    "fr": "Figure Table Listing Section Équation Théorème Lemme Corollaire Proposition Conjecture Définition "
    "Exemple Exercice Preuve Remarque Solution Code Résumé",
    "it": "Figura Tabella Lista Sezione Equazione Teorema Lemma Corollario Proposizione Congettura "
    "Definizione Esempio Esercizio Dimostrazione Osservazione Soluzione Codice Sommario",
    "nb": "Figur Tabell Liste Seksjon Ligning Setning Hjelpesetning Følgesetning Erklæring Formodning "
    "Definisjon Eksempel Øvelse Bevis Bemerkning Løsning Kode Sammendrag",
    "nl": "Figuur Tabel Listing Paragraaf Vergelijking Stelling Lemma Conclusie Voorstel Aanname Definitie "
    "Voorbeeld Oefening Bewijs Opmerking Oplossing Code Samenvatting",
    "pl": "Rysunek Tabela Wykaz Sekcja Równanie Twierdzenie Lemat Wniosek Proposition Przypuszczenie "
    "Definicja Przykład Ćwiczenie Dowód Komentarz Rozwiązanie Kod Abstrakt",
    "pt": "Figura Tabela Listagem Seção Equação Teorema Lema Corolário Proposição Conjetura Definição "
    "Exemplo Exercício Comprovação Comentário Solução Código Resumo",
    "sv": "Figur Tabell Lista Avsnitt Ekvation Teorem Lemma Följdsats Påstående Förmodan Definition "
    "Exempel Uppgift Bevis Anmärkning Lösning Kod Sammanfattning",
}


def words_of(metadata: Mapping[str, Any], place: Place = nowhere) -> dict[str, str]:
    """Return the document's words by key, in its language (`lang`); its own `language:` settings win.

    `place` finds the line of a setting, for messages.

    Raises
    ------
    UnsupportedError
        For a language whose words are not known.

    Examples
    --------
    >>> words_of({"lang": "de-AT"})["fig"]
    'Abbildung'
    """
    language = str(metadata.get("lang") or "en")
    code = language.split("-")[0].lower()
    if code not in _WORDS:
        known = f"Languages known: {', '.join(sorted(_WORDS))}."
        what = f"the words that `lang: {language}` sets"
        raise UnsupportedError.construct(what, *place(language, "lang"), known)
    words = dict(zip(_ORDER, _WORDS[code].split(), strict=True))
    own = metadata.get("language")
    for key, word in own.items() if isinstance(own, Mapping) else ():
        if key in _OTHERS:
            words[_OTHERS[key]] = str(word)
        for start, end in (("crossref-", "-title"), ("crossref-", "-prefix"), ("environment-", "-title")):
            if key.startswith(start) and key.endswith(end):
                words[key.removeprefix(start).removesuffix(end)] = str(word)
    return words
