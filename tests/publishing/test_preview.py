"""The preview renders on save, says what is wrong in the page, and recovers."""

import threading
import urllib.request
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import preview, render
from report_helpers.publishing.preview import Edition


def test_the_page_waits_for_the_next_edition() -> None:
    edition = Edition()
    edition.publish("<html><body><p>Text</p></body></html>")
    page = edition.page()
    assert page.index("<p>Text</p>") < page.index('edition = "1"') < page.index("</body>")


def test_a_problem_is_shown_as_text() -> None:
    edition = Edition()
    edition.show_problem("study.yml, line 3: <script>")
    assert "study.yml, line 3: &lt;script&gt;" in edition.page()


def test_a_save_renders_again_and_an_error_does_not_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = tmp_path / "index.qmd"
    chapter.write_text("first")
    said: list[str] = []

    def fake_render(request: render.Request, progress: object) -> render.Rendered:
        text = chapter.read_text()
        # The next save happens while this render is being shown.
        chapter.write_text(text + " and more")
        if text == "first":
            raise ManuscriptError("an unknown reference", "index.qmd, line 1")
        (tmp_path / "index.html").write_text(f"<body>{text}</body>")
        return render.Rendered(tmp_path, (), "builtin", 0.1)

    monkeypatch.setattr(render, "render", fake_render)
    monkeypatch.setattr(preview, "stamps", lambda project: {chapter: float(len(chapter.read_text()))})
    edition = Edition()
    preview.watch(tmp_path, edition, said.append, rounds=1)
    assert "an unknown reference" in edition.page()
    preview.watch(tmp_path, edition, said.append, rounds=1)
    assert "<body>first and more" in edition.page()
    assert said == ["error: index.qmd, line 1: an unknown reference", "rendered in 0.1 s"]


def test_the_page_is_served_on_this_machine() -> None:
    edition = Edition()
    edition.publish("<body>Manuscript</body>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(preview._Handler, edition)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(address) as answer:
            assert "Manuscript" in answer.read().decode()
        with urllib.request.urlopen(f"{address}/edition") as answer:
            assert answer.read() == b"1"
        server.shutdown()
        thread.join()
