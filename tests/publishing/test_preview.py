"""The preview's page and server: what a browser is shown, and who may see it."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator

import pytest

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.preview.page import Problem, problems_of, served_page
from report_helpers.publishing.preview.server import Edition, Server, open_server

PAGE = "<html><body><p>Manuscript</p></body></html>"


@pytest.fixture
def edition() -> Edition:
    return Edition()


@pytest.fixture
def server(edition: Edition) -> Iterator[Server]:
    with open_server(edition, None) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        edition.end()
        server.shutdown()
        thread.join()


def ask(server: Server, path: str = "/", method: str = "GET", host: str = "") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request(method, path, headers={"Host": host} if host else {})
    return connection.getresponse()


def read(answer: http.client.HTTPResponse) -> str:
    with answer:
        return answer.read().decode()


def test_a_problem_lies_over_the_last_good_manuscript_as_text() -> None:
    problem = Problem(
        "Nothing is called <b>.", "chapters/a.qmd, line 3", "Did you mean <i>?", "→ 3 │ <script>"
    )
    page = served_page(PAGE, [problem], "1")
    assert "<p>Manuscript</p>" in page
    for words in ("chapters/a.qmd, line 3", "called &lt;b&gt;.", "mean &lt;i&gt;?", "3 │ &lt;script&gt;"):
        assert words in page
    assert "manuscript-preview-problem" not in served_page(PAGE, [], "1")


def test_a_problem_is_shown_where_there_was_no_manuscript_yet() -> None:
    page = served_page("", [Problem("It is not clear which document to render.")], "1")
    assert "not clear which document" in page
    assert "Rendering" not in page
    assert "Rendering" in served_page("", [], "1", "Rendering …")


def test_the_script_stands_inside_the_page_it_waits_for() -> None:
    page = served_page(PAGE, [], "abc-7")
    assert page.index("<p>Manuscript</p>") < page.index('"abc-7"') < page.index("</body>")


def test_errors_are_told_with_place_and_remedy() -> None:
    engine = EngineError.at("A division is not closed.", "a.qmd", 4, "End it.", "::: {#x}")
    assert problems_of(engine) == (
        Problem("A division is not closed.", "a.qmd, line 4", "End it.", "::: {#x}"),
    )
    study = ManuscriptError("this is not a date", "study.yml, line 12", "write 2022-01-31")
    assert problems_of(study) == (Problem("this is not a date", "study.yml, line 12", "write 2022-01-31"),)
    assert "ZeroDivisionError" in problems_of(ZeroDivisionError("by zero"))[0].excerpt


def test_what_is_shown_has_a_number_of_its_own(edition: Edition) -> None:
    numbers = [edition.number]
    for show in (
        lambda: edition.publish(PAGE),
        lambda: edition.show([Problem("a")]),
        lambda: edition.show([Problem("a")]),  # nothing new: no browser has to load it again
        lambda: edition.publish(PAGE),
    ):
        show()
        numbers.append(edition.number)
    assert len(set(numbers)) == 4
    assert numbers[2] == numbers[3]
    assert Edition().number != Edition().number


def test_the_page_is_served(server: Server, edition: Edition) -> None:
    assert "Rendering" in read(ask(server))
    edition.publish(PAGE)
    answer = ask(server, "/index.html?x=1")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Manuscript" in read(answer)
    assert ask(server, "/../../etc/passwd").status == 404


def test_two_browsers_hear_of_a_new_page(server: Server, edition: Edition) -> None:
    listening = [ask(server, "/events") for _ in range(2)]
    first = {answer.readline() for answer in listening}
    assert first == {f"data: {edition.number}\n".encode()}
    edition.publish(PAGE)
    for answer in listening:
        assert answer.readline() == b"\n"
        assert answer.readline() == f"data: {edition.number}\n".encode()
        answer.close()


def test_a_browser_that_went_away_is_no_trouble(
    server: Server, edition: Edition, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = ask(server, "/events")
    gone.readline()
    gone.close()
    for number in range(20):
        edition.publish(f"{PAGE}{number}")
    assert "Manuscript" in read(ask(server))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:4200", "127.0.0.1.evil.example", "localhost@evil"]
)
@pytest.mark.parametrize("path", ["/", "/events"])
def test_another_site_cannot_read_the_page_under_its_own_name(
    server: Server, edition: Edition, path: str, host: str
) -> None:
    edition.publish(PAGE)
    answer = ask(server, path, host=host)
    assert answer.status == 403
    assert "Manuscript" not in read(answer)


@pytest.mark.parametrize("host", ["localhost:4200", "127.0.0.1:9", "[::1]:4200", "LOCALHOST"])
def test_this_machine_may_read_it_under_each_of_its_names(server: Server, host: str) -> None:
    assert ask(server, host=host).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_sent_to_it(server: Server, method: str) -> None:
    assert ask(server, method=method).status == 501


def test_only_this_machine_is_served(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ManuscriptError, match=f"port {port} cannot be used"):
            open_server(Edition(), port)
    with pytest.raises(ManuscriptError, match="port 70000 cannot be used"):
        open_server(Edition(), 70_000)


def test_a_free_port_is_found_where_none_is_named() -> None:
    with open_server(Edition(), None) as first, open_server(Edition(), None) as second:
        assert first.server_port != second.server_port
