"""Templates are published with the definitions that need them."""

from datetime import UTC, datetime
from typing import Any

from unless.definitions.changes import Verb
from unless.definitions.checking.templates import TemplateFiles
from unless.definitions.checks import Checked, check
from unless.definitions.documents import Document
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY, Snapshot

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)

FILES = {
    "cart.liquid": "{% render 'head.liquid' %}",
    "cart.fr.liquid": "Salut",
    "head.liquid": '{%- include "logo" -%}',
    "logo.liquid": "L",
    "other.liquid": "o",
}


def mail(name: str, template: str) -> dict[str, Any]:
    message = {"channel": "email", "template": template, "subject": "s"}
    return {"campaign": name, "trigger": {"event": "e"}, "message": message}


def checked(*values: dict[str, Any], published: Snapshot = EMPTY, **files: str) -> Checked:
    """Return documents with the templates beside them, which must be right."""
    texts = {name.replace("_", "."): text for name, text in files.items()}
    found = check(map(Document, values), templates=TemplateFiles(texts), published=published)
    assert found.ok, found.errors
    return found


def all_files(*values: dict[str, Any]) -> Checked:
    found = check(map(Document, values), templates=TemplateFiles(FILES))
    assert found.ok, found.errors
    return found


def test_what_is_needed_is_published() -> None:
    """The template in all its languages and what it renders; what nobody names stays at home."""
    after, changes = publish(EMPTY, all_files(mail("c", "cart.liquid")), NOW)
    assert set(after.templates) == FILES.keys() - {"other.liquid"}
    added = {each.id for each in changes if each.kind == "template" and each.verb is Verb.ADDED}
    assert added == set(after.templates)


def test_a_changed_template_is_a_change() -> None:
    """It is shown, and the snapshot is another one, so that everybody takes it up."""
    before, _ = publish(EMPTY, checked(mail("c", "a.liquid"), a_liquid="1"), NOW)
    after, changes = publish(before, checked(mail("c", "a.liquid"), a_liquid="2"), NOW)
    assert [c.id for c in changes if c.verb is Verb.CHANGED] == ["a.liquid"]
    assert after.templates == {"a.liquid": "2"}
    assert after.version != before.version
    same, changes = publish(after, checked(mail("c", "a.liquid"), a_liquid="2"), NOW)
    assert same.version == after.version
    assert all(each.verb is Verb.UNCHANGED for each in changes)


def test_a_folder_without_templates_takes_none_away() -> None:
    """What is published and still needed stays, as the definitions do that use it."""
    before, _ = publish(EMPTY, checked(mail("c", "a.liquid"), a_liquid="1"), NOW)
    other = {"campaign": "d", "trigger": {"event": "e"}}
    after, _ = publish(before, checked(other, published=before), NOW)
    assert after.templates == {"a.liquid": "1"}


def test_what_nobody_needs_any_more_goes() -> None:
    """A campaign that takes another template leaves the old one behind."""
    before, _ = publish(EMPTY, checked(mail("c", "a.liquid"), a_liquid="1"), NOW)
    after, _ = publish(before, checked(mail("c", "b.liquid"), b_liquid="2"), NOW)
    assert after.templates == {"b.liquid": "2"}


def tour(template: str) -> dict[str, Any]:
    message = mail("c", template)["message"]
    return {
        "journey": "j",
        "entry": {"trigger": {"event": "e"}},
        "steps": [{"message": message}],
    }


def test_a_journey_beside_campaigns_keeps_its_templates() -> None:
    """Whichever of the two is published, the other's templates and earlier ones stay."""
    before, _ = publish(EMPTY, checked(tour("a.liquid"), a_liquid="1"), NOW)
    both, _ = publish(before, checked(mail("c", "b.liquid"), published=before, b_liquid="2"), NOW)
    assert both.templates == {"a.liquid": "1", "b.liquid": "2"}
    after, _ = publish(both, checked(tour("d.liquid"), published=both, d_liquid="3"), NOW)
    assert after.templates == {"a.liquid": "1", "b.liquid": "2", "d.liquid": "3"}


def test_a_journey_keeps_what_its_earlier_versions_need() -> None:
    """People may be in one of them for weeks."""
    before, _ = publish(EMPTY, checked(tour("a.liquid"), a_liquid="1"), NOW)
    after, _ = publish(before, checked(tour("b.liquid"), b_liquid="2"), NOW)
    assert after.templates == {"a.liquid": "1", "b.liquid": "2"}


def test_templates_survive_being_stored() -> None:
    """The stored text holds them; one of an older release, which has none, is read as before."""
    after, _ = publish(EMPTY, checked(mail("c", "a.liquid"), a_liquid="é\n"), NOW)
    assert Snapshot.from_json(after.to_json()) == after
    plain, _ = publish(EMPTY, checked({"campaign": "d", "trigger": {"event": "e"}}), NOW)
    assert "templates" not in plain.to_json()
    assert Snapshot.from_json(plain.to_json()).templates == {}
