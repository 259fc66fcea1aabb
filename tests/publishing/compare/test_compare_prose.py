"""Small pages: their paragraphs, the words that differ, and the sentences to read again."""

from __future__ import annotations

from collections.abc import Collection

from report_helpers.publishing.compare.numbers import Entry
from report_helpers.publishing.compare.prose import Passage, compare_prose
from report_helpers.publishing.compare.reread import Reread, sentences_to_reread
from report_helpers.publishing.pages import Paragraph, plain, read_page, sentences


def num(key: str, text: str) -> str:
    return f'<span class="num" data-key="{key}">{text}</span>'


def page(*blocks: str) -> tuple[Paragraph, ...]:
    return read_page("<main>" + "\n".join(f"<p>{block}</p>" for block in blocks) + "</main>").paragraphs


def differing(old: tuple[Paragraph, ...], new: tuple[Paragraph, ...]) -> list[Passage]:
    return [each for each in compare_prose(old, new) if each.moved or each.state != "same"]


def reread(
    old: tuple[Paragraph, ...], new: tuple[Paragraph, ...], keys: Collection[str]
) -> tuple[Reread, ...]:
    entries = [Entry("n", text, file="a.qmd", line=line) for text, line in (("7", 3), ("7", 5), ("8", 3))]
    return sentences_to_reread(compare_prose(old, new), old, new, (entries, entries), keys, ())


FOX = "The quick brown fox jumps over the lazy dog."
SHIP = "A ship sails with nine sailors and one captain aboard."
OWL = "Every owl in this forest sleeps until the evening comes."


def test_words_values_and_paragraphs_are_read() -> None:
    html = f"""<head><title>No</title></head><nav><p>No {num("n", "1")}</p></nav>
    <h2><span>1</span> Results</h2><p>Of&nbsp;{num("n", "7 <em>of</em> 9")}, <b>bo</b>th<sup>2</sup>.</p>
    <dl class="facts"><dt>Version</dt><dd>1</dd></dl><svg><text>No</text></svg>
    <ul><li>One<p>Two</ul><table><tr><td><p>A</p><td>{num("m", "3")}</tr></table>
    <script id="numbers">[]</script>"""
    read = read_page(html)
    assert [(each.kind, each.text) for each in read.paragraphs] == [
        ("heading", "1 Results"), ("text", "Of 7 of 9, both2."), ("text", "One"), ("text", "Two"),
        ("row", "A | 3"),
    ]  # fmt: skip
    assert [token.key for token in read.paragraphs[1].tokens] == ["", "n", "", ""]
    assert {each.section for each in read.paragraphs} == {"1 Results"}
    assert read.ledger == "[]"


def test_sentences_end_where_a_reader_ends_them() -> None:
    (paragraph,) = page(
        f"Of 1.5 mg (e.g. A) by Smith J. Doe. It was {num('n', '7')}. {num('m', '8')} left. so"
    )
    assert [plain(each) for each in sentences(paragraph)] == [
        "Of 1.5 mg (e.g. A) by Smith J. Doe.", "It was 7.", "8 left. so",
    ]  # fmt: skip


def test_an_edited_sentence_differs_in_its_words() -> None:
    (passage,) = differing(page(FOX, SHIP), page(FOX.replace("lazy", "old"), SHIP))
    assert passage.state == "edited"
    assert [(piece.state, plain(piece.tokens)) for piece in passage.pieces] == [
        ("same", "The quick brown fox jumps over the"), ("gone", "lazy"), ("new", "old"), ("same", "dog."),
    ]  # fmt: skip


def test_a_paragraph_that_moved_is_not_taken_for_new() -> None:
    (passage,) = differing(page(FOX, SHIP, OWL), page(SHIP, OWL, FOX))
    assert (passage.state, passage.moved, passage.shown.text) == ("same", True, FOX)
    (passage,) = differing(page(FOX, SHIP, OWL), page(SHIP, OWL, FOX.replace("lazy", "old")))
    assert (passage.state, passage.moved) == ("edited", True)


def test_paragraphs_are_added_and_removed_where_they_stand() -> None:
    found = compare_prose(page(FOX, SHIP, OWL), page(FOX, OWL, "Wholly different words stand here now."))
    assert [each.state for each in found] == ["same", "removed", "same", "added"]


def test_other_numbers_in_the_same_words_are_no_edit() -> None:
    old, new = (page(f"We saw {num('n', text)} owls.") for text in ("7", "8"))
    (passage,) = differing(old, new)
    assert (passage.state, passage.moved) == ("numbers", False)


def test_the_sentence_of_a_changed_number_is_to_be_reread_and_no_other() -> None:
    old = page(f"{FOX} We saw {num('n', '7')} owls. {SHIP}")
    new = page(f"{FOX} We saw {num('n', '8')} owls. {SHIP}")
    (found,) = reread(old, new, {"n"})
    assert (plain(found.old), plain(found.new)) == ("We saw 7 owls.", "We saw 8 owls.")
    assert (found.keys, found.place) == (("n",), "a.qmd:3")


def test_a_sentence_that_no_longer_prints_the_number_is_shown_with_what_it_printed() -> None:
    old, new = page(FOX, f"We saw {num('n', '7')} owls there."), page(FOX, "We saw some owls there.")
    (found,) = reread(old, new, {"n"})
    assert (plain(found.old), plain(found.new)) == ("We saw 7 owls there.", "We saw some owls there.")


def test_a_sentence_that_went_is_shown_alone_with_the_line_that_printed_it() -> None:
    old = page(f"We saw {num('n', '7')} owls.", FOX, f"Again {num('n', '7')} of them.")
    (found,) = reread(old, page(f"We saw {num('n', '7')} owls.", FOX), {"n"})
    assert (plain(found.old), plain(found.new), found.place) == ("Again 7 of them.", "", "a.qmd:5")


def test_rows_of_tables_are_no_sentences() -> None:
    old, new = (
        read_page(f"<table><tr><td>Owls</td><td>{num('n', text)}</td></tr></table>").paragraphs
        for text in "78"
    )
    assert reread(old, new, {"n"}) == ()
