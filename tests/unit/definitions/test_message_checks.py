"""What a message may not be, and what is wrong in templates, found before anybody gets it."""

from pathlib import Path
from typing import Any

import pytest

from unless.definitions.checking.templates import TemplateFiles
from unless.definitions.checks import check
from unless.definitions.documents import Document
from unless.definitions.issues import Issue
from unless.definitions.loading import load_folder

FILES = TemplateFiles({"cart.liquid": "{{ user.name }}", "old.fr.liquid": "x"})


def issues(message: dict[str, Any], templates: TemplateFiles | None = FILES) -> tuple[Issue, ...]:
    """Return what is wrong with a campaign of this message."""
    document = {"campaign": "c", "trigger": {"event": "e"}, "message": message}
    return check([Document(document)], templates=templates).issues


def mail(**parts: Any) -> dict[str, Any]:
    return {"channel": "email", "template": "cart.liquid", "subject": "s", **parts}


@pytest.mark.parametrize(
    ("message", "path", "said"),
    [
        (mail(template="crt.liquid"), "message.template", "Did you mean `cart.liquid`?"),
        (mail(template="old.liquid"), "message.template", "Write templates/old.liquid for those"),
        ({"channel": "email", "text": "x"}, "message", "needs a subject"),
        ({"channel": "email", "subject": "x"}, "message", "an e-mail needs words"),
        ({"channel": "sms"}, "message", "needs words"),
        ({"channel": "push", "subject": "x"}, "message", "needs words"),
        ({"channel": "sms", "text": "x", "subject": "y"}, "message.subject", "no place for a sub"),
        ({"channel": "sms", "text": "x", "template": "cart.liquid"}, "message.text", "beside"),
        ({"channel": "webhook"}, "message", "needs a `url`"),
        ({"channel": "webhook", "url": "http://a.example"}, "message.url", "https://"),
        ({"channel": "webhook", "url": "https://"}, "message.url", "https://"),
        ({"channel": "webhook", "url": "https://u:p@a.example"}, "message.url", "https://"),
        (mail(url="https://a.example"), "message.url", "only a webhook"),
        (mail(expires="3d"), "message.expires", "only an in-app message"),
        (mail(subject={"default": "a", "french": "b"}), "message.subject.french", "no language"),
        (mail(subject="{{ usr.name }}"), "message.subject", "Did you mean `user.name`?"),
        (mail(subject="{{ name }}"), "message.subject", "Write `user.name` for an attribute"),
        (mail(subject="{{ user.x | upcas }}"), "message.subject", "Did you mean `upcase`?"),
        (mail(subject="{% fi %}"), "message.subject", "there is no tag `fi`"),
        (mail(subject="{{ campaign.nam }}"), "message.subject", "It has `description`, `id`"),
        (mail(subject="{% render 'crt' %}"), "message.subject", "there is no template 'crt'"),
        (mail(text={"default": "a", "fr": "{{"}), "message.text.fr", "is not closed"),
    ],
)
def test_a_message_that_cannot_be_right(message: dict[str, Any], path: str, said: str) -> None:
    """Each is one error at its place, with a remedy."""
    (issue,) = issues(message)
    assert (issue.code, issue.level, issue.path) == ("bad_value", "error", path)
    assert said in f"{issue.message} {issue.remedy}"


@pytest.mark.parametrize(
    "message",
    [
        mail(), mail(text="{% render 'cart' %}"),
        mail(subject={"fr-CA": "a", "default": "b"}), {"channel": "event"},
        {"channel": "event", "text": "x"}, {"channel": "webhook", "url": "https://a.example/x?y"},
        {"channel": "queue"}, {"channel": "sms", "text": "{{ user.x | default: 'y' }}"},
        {"channel": "push", "text": "x"},
        mail(text="{% assign x = user.a %}{{ x }}{% for y in x %}{{ forloop.index }}{% endfor %}"),
    ],
)  # fmt: skip
def test_a_message_that_is_right(message: dict[str, Any]) -> None:
    """Nothing is found in it."""
    assert issues(message) == ()


def test_nothing_is_said_of_files_that_are_not_known() -> None:
    """Values that come without a folder may name any template."""
    assert issues(mail(template="any.liquid"), None) == ()


def write(folder: Path, **templates: str) -> None:
    (folder / "c.yaml").write_text(
        "campaign: c\ntrigger: {event: e}\n"
        "message: {channel: email, template: cart.liquid, subject: s}\n"
    )
    (folder / "templates").mkdir()
    for name, text in templates.items():
        (folder / "templates" / f"{name}.liquid").write_text(text)


def test_a_mistake_in_a_template_has_its_file_and_line(tmp_path: Path) -> None:
    """Also one in a partial, in another language, or in a file that nobody uses yet."""
    write(
        tmp_path,
        **{
            "cart": "{% render 'head', title: 'x' %}\n{{ user.name | upcas }}",
            "cart.fr": "\n\n{{ trigr.x }}",
            "head": "{{ title }}\n{{ nobody }}",
            "unused": "{% if %}",
            "args": "{{ whatever }}",
        },
    )
    found = {(Path(i.file or "").name, i.line, i.remedy[:25]) for i in load_folder(tmp_path).issues}
    assert found == {
        ("cart.liquid", 2, "Did you mean `upcase`?"),
        ("cart.fr.liquid", 3, "Did you mean `trigger.x`?"),
        ("head.liquid", 2, "Write `user.nobody` for a"),
        ("unused.liquid", 1, "Correct it; https://shopi"),
    }


def test_a_partial_that_is_not_there(tmp_path: Path) -> None:
    """The line that names it is shown."""
    write(tmp_path, cart="x\n{% render 'nope' %}")
    (issue,) = load_folder(tmp_path).issues
    assert ("nope" in issue.message, issue.line) == (True, 2)


def test_templates_that_cannot_be_read(tmp_path: Path) -> None:
    """Too large, or not in UTF-8: an error that names the file; hidden files are left alone."""
    write(tmp_path, cart="ok", large="x" * 70_000)
    (tmp_path / "templates" / "latin.liquid").write_bytes("é".encode("latin-1"))
    (tmp_path / "templates" / ".hidden.liquid").write_bytes(b"\xff")
    (tmp_path / "templates" / "logo.png").write_bytes(b"\xff")
    checked = load_folder(tmp_path)
    found = {Path(issue.file or "").name: issue.message for issue in checked.issues}
    assert found == {
        "large.liquid": "the template is larger than 64 KB",
        "latin.liquid": "the template is not written in UTF-8",
    }
    assert dict(checked.templates) == {"cart.liquid": "ok"}
