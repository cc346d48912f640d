"""What was typed stays when the session ends before the form arrives."""

import re
import time
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.core import signing
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from people import kept
from people.filling import fill_forms
from tests.factories import (
    PASSWORD,
    GuidelineFactory,
    LeadFactory,
    OutputFactory,
    PressReleaseFactory,
    QuoteFactory,
    RunFactory,
    UserFactory,
)
from tests.html_check import check_html
from tests.signing_in import log_in_with_second_factor
from tests.texts.uploads import PDF, upload

LOGIN = "/konto/anmelden/"
BACK = "Ihre Eingaben sind wieder da"


class FormReader(HTMLParser):
    """The fields of the first form that sends to an address, as a browser would send them."""

    def __init__(self, page, action):
        super().__init__()
        self.page, self.action = page, action
        self.fields = None
        self.is_inside = self.is_unseen = False
        self.textarea = None
        self.select = None

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and self.fields is None and values.get("method") == "post":
            self.is_inside = (values.get("action") or self.page) == self.action
            self.fields = {} if self.is_inside else None
        # A browser that runs scripts does not read what is meant for others.
        self.is_unseen = self.is_unseen or tag == "noscript"
        if not self.is_inside or self.is_unseen:
            return
        name, kind = values.get("name"), values.get("type", "text")
        if tag == "textarea":
            self.textarea = name
            self.fields.setdefault(name, []).append("")
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in values and self.select:
            self.fields.setdefault(self.select, []).append(values.get("value", ""))
        elif tag == "input" and name and kind not in {"submit", "file", "button"}:
            is_box = kind in {"checkbox", "radio"}
            if "checked" in values or not is_box:
                value = values.get("value", "on" if is_box else "")
                self.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_inside = False
        elif tag == "noscript":
            self.is_unseen = False
        elif tag == "textarea" and self.textarea:
            # The line break after the tag is markup.
            self.fields[self.textarea][-1] = self.fields[self.textarea][-1].removeprefix("\n")
            self.textarea = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.textarea and self.is_inside:
            self.fields[self.textarea][-1] += data


def form_of(response, action=None):
    page = response.wsgi_request.path
    reader = FormReader(page, action or page)
    reader.feed(response.text)
    return reader.fields


def strict_client():
    return Client(enforce_csrf_checks=True)


def lose_session(client):
    """What an ended session leaves in the browser: the CSRF cookie alone."""
    client.cookies.pop("sessionid")


def send(client, page, changes, action=None, **files):
    fields = {**form_of(client.get(page), action), **changes}
    return lambda: client.post(action or page, {**fields, **files})


def log_in_again(client, user, url, **log_in):
    """Log in at the door; the lead with what the admin asks for."""
    if user.is_staff:
        log_in_with_second_factor(client, user)
    else:
        page = client.get(url)
        form = {**form_of(page), "login": user.email, "password": PASSWORD}
        assert client.post(urlsplit(url).path, form).status_code == 302


@pytest.fixture
def output(db):
    return OutputFactory()


def writer(output):
    return output.participation.person.user


def edit_url(output):
    return reverse("workshops:edit", args=[output.pk])


# The pages of participants


def test_a_text_sent_after_the_session_ended_comes_back(output):
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    post = send(
        client, url, {"body": "<p>Fast & verloren</p>", "save": ""}, uploads=upload("a.pdf", PDF)
    )
    lose_session(client)

    response = post()
    assert response.url == f"{LOGIN}?next={url}"
    assert "steht nach der Anmeldung wieder da" in client.get(response.url).text
    log_in_again(client, writer(output), response.url)
    page = client.get(url)

    check_html(page)
    assert page.text.count(BACK) == 1
    assert "a.pdf" in page.text
    assert form_of(page)["body"] == ["<p>Fast & verloren</p>"]
    output.refresh_from_db()
    assert output.version == 1


def test_it_comes_back_once_and_is_gone_when_it_arrived(output):
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    post = send(client, url, {"body": "<p>Fast verloren</p>"})
    lose_session(client)
    post()
    client.force_login(writer(output))
    filled = form_of(client.get(url))

    assert form_of(client.get(url))["body"] == [output.body]
    assert "Fast verloren" in client.get(reverse("people:kept")).text
    assert client.post(url, {**filled, "save": ""}).status_code == 302

    output.refresh_from_db()
    assert output.body == "<p>Fast verloren</p>"
    assert client.session["kept"] == []


def test_a_form_on_the_page_of_another_address_is_filled_too(db):
    lead = LeadFactory()
    output = OutputFactory(
        submitted=True, task__workshop__run__programme=lead.responsibilities.get().programme
    )
    client, page = strict_client(), reverse("workshops:output", args=[output.pk])
    log_in_with_second_factor(client, lead)
    accept = reverse("workshops:accept", args=[output.pk])
    post = send(client, page, {"answer": "Bitte kürzer fassen."}, accept)
    lose_session(client)

    assert post().url == f"{LOGIN}?next={page}"
    log_in_with_second_factor(client, lead)

    assert form_of(client.get(page), accept)["answer"] == ["Bitte kürzer fassen."]


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["unsubmit", "accept", "return"])
def test_a_step_without_fields_is_asked_for_again_on_its_page(client, step):
    output = OutputFactory(submitted=True)
    page = reverse("workshops:output", args=[output.pk])
    word = {"_writer": proof(writer(output).pk, page)}

    response = client.post(reverse(f"workshops:{step}", args=[output.pk]), word)

    assert response.url == f"{LOGIN}?next={page}"
    assert "wiederholen Sie danach den letzten Schritt" in client.get(response.url).text
    assert "kept" not in client.session


def test_a_form_whose_page_changed_is_there_to_be_read(output):
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    post = send(client, url, {"body": "<p>Mein später Satz</p>"})
    lose_session(client)
    post()
    output.status = "accepted"
    output.submitted_at = output.saved_at
    output.save()
    client.force_login(writer(output))

    response = client.get(url)

    assert response.url == reverse("people:kept")
    page = client.get(response.url)
    check_html(page)
    assert "<p>Mein später Satz</p>" in page.text
    assert client.get(url).url == output.get_absolute_url()


def test_kept_forms_can_be_discarded(output):
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    post = send(client, url, {"body": "<p>Weg damit</p>"})
    lose_session(client)
    post()
    client.force_login(writer(output))
    kept_url = reverse("people:kept")

    client.post(kept_url, form_of(client.get(kept_url), kept_url))

    assert "Weg damit" not in client.get(url).text + client.get(kept_url).text


# The admin: every form of it, added rows included


def change_url(row):
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "title"),
    [(RunFactory, "topic"), (PressReleaseFactory, "headline"), (GuidelineFactory, "title")],
)
def test_what_a_lead_typed_comes_back(factory, title):
    row = factory()
    lead = LeadFactory(programme=row.programme)
    client, url = strict_client(), change_url(row)
    log_in_with_second_factor(client, lead)
    post = send(client, url, {title: "Ein langer Abend <Arbeit> & mehr", "_save": "Sichern"})
    lose_session(client)

    response = post()
    assert response.url == f"{reverse('admin:login')}?next={url}"
    log_in_with_second_factor(client, lead)
    page = client.get(url)

    assert page.text.count(BACK) == 1
    assert form_of(page)[title] == ["Ein langer Abend <Arbeit> & mehr"]
    row.refresh_from_db()
    assert getattr(row, title) != "Ein langer Abend <Arbeit> & mehr"


@pytest.mark.django_db
def test_what_comes_back_is_not_saved_over_what_somebody_wrote_meanwhile():
    run = RunFactory()
    lead = LeadFactory(programme=run.programme)
    client, url = strict_client(), change_url(run)
    log_in_with_second_factor(client, lead)
    post = send(client, url, {"topic": "Von mir", "_save": "Sichern"})
    lose_session(client)
    post()
    type(run).objects.filter(pk=run.pk).update(topic="Von Anderen")
    log_in_with_second_factor(client, lead)

    page = client.get(url)

    assert page.status_code == 409
    assert "Es gibt zwei Fassungen" in page.text
    assert form_of(page)["topic"] == ["Von mir"]
    run.refresh_from_db()
    assert run.topic == "Von Anderen"


@pytest.mark.django_db
def test_added_rows_of_a_lead_come_back():
    release = PressReleaseFactory()
    lead = LeadFactory(programme=release.programme)
    quote = QuoteFactory(programme=release.programme)
    client, url = strict_client(), change_url(release)
    log_in_with_second_factor(client, lead)
    rows = {
        "blocks-TOTAL_FORMS": "2",
        "blocks-0-kind": "text",
        "blocks-0-text": "<p>Wie füllen wir leere Läden?</p>",
        "blocks-1-kind": "quote",
        "blocks-1-quote": str(quote.pk),
    }
    post = send(client, url, rows)
    lose_session(client)
    post()
    log_in_with_second_factor(client, lead)

    page = client.get(url)

    fields = form_of(page)
    assert fields["blocks-0-text"] == ["<p>Wie füllen wir leere Läden?</p>"]
    assert fields["blocks-1-quote"] == [str(quote.pk)]
    assert release.blocks.count() == 0


@pytest.mark.django_db
def test_a_new_row_of_a_lead_comes_back():
    lead = LeadFactory()
    client, url = strict_client(), reverse("admin:publications_pressrelease_add")
    log_in_with_second_factor(client, lead)
    post = send(client, url, {"headline": "Neues aus der Stadt"})
    lose_session(client)
    post()
    log_in_with_second_factor(client, lead)

    page = client.get(url)

    assert form_of(page)["headline"] == ["Neues aus der Stadt"]
    assert lead.responsibilities.get().programme.press_releases.count() == 0


@pytest.mark.slow
@pytest.mark.django_db
def test_every_form_for_a_new_row_comes_back():
    lead = LeadFactory()
    client = strict_client()
    found = []
    for model in admin.site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        log_in_with_second_factor(client, lead)
        page = client.get(url)
        fields = form_of(page) if page.status_code == 200 else {}
        texts = re.findall(r"<(?:input|textarea)[^>]*vTextField[^>]*>", page.text)
        named = {re.search(r'name="([^"]*)"', tag)[1] for tag in texts}
        # The row that is copied for new ones is not sent.
        names = [name for name in fields if name in named and "__prefix__" not in name]
        if not names:
            continue
        lose_session(client)
        client.post(url, {**fields, names[0]: "Das war schon geschrieben"})
        log_in_with_second_factor(client, lead)
        assert form_of(client.get(url))[names[0]] == ["Das war schon geschrieben"], (model, names)
        found.append(model)
    assert len(found) >= 15


def test_every_form_of_a_row_in_the_admin_shows_what_was_kept():
    assert all(isinstance(item, kept.ShowsKeptMixin) for item in admin.site._registry.values())


# The second factor is missing; another window has logged in


@pytest.mark.django_db
def test_a_text_sent_without_the_second_factor_waits_for_it():
    run = RunFactory()
    lead = LeadFactory(programme=run.programme)
    client, url = strict_client(), change_url(run)
    log_in_with_second_factor(client, lead)
    post = send(client, url, {"topic": "Noch ein Thema für die Stadt"})
    lose_session(client)
    client.force_login(lead)

    response = post()
    assert response.url == f"{reverse('admin:login')}?next={url}"
    assert client.get(url).url.startswith(reverse("admin:login"))
    log_in_with_second_factor(client, lead)

    assert form_of(client.get(url))["topic"] == ["Noch ein Thema für die Stadt"]


def renew_token(client):
    """What a log-in in another window does to the forms that are open."""
    client.cookies["csrftoken"] = "n" * 32


def test_a_form_from_before_the_log_in_in_another_window_comes_back(output):
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    post = send(client, url, {"body": "<p>Aus dem alten Fenster</p>"})
    renew_token(client)

    response = post()

    assert response.url == url
    assert form_of(client.get(url))["body"] == ["<p>Aus dem alten Fenster</p>"]


def test_a_form_without_cookies_waits_for_the_log_in(output):
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    post = send(client, url, {"body": "<p>Ohne Kekse</p>"})
    client.cookies.clear()

    response = post()
    assert response.url == f"{LOGIN}?next={url}"
    client.force_login(writer(output))

    assert form_of(client.get(url))["body"] == ["<p>Ohne Kekse</p>"]


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ["http://testserver", "https://evil.example", None])
def test_an_anonymous_form_comes_back_to_the_browser_that_had_it(origin):
    page = PressReleaseFactory(published=True).get_absolute_url()
    sent = {"q": "Leere Läden", "_writer": proof(0, page)}

    response = strict_client().post(page, sent, headers={"origin": origin} if origin else {})

    is_ours = origin == "http://testserver"
    assert (response.status_code, response.headers.get("Location")) == (
        (302, page) if is_ours else (403, None)
    )


def test_the_form_of_another_account_is_refused(output):
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    post = send(client, url, {"body": "<p>CANARY</p>"})
    client.force_login(UserFactory())
    renew_token(client)

    response = post()

    assert response.status_code == 403
    assert "Das Formular ist nicht mehr gültig" in response.text
    assert "kept" not in client.session


# Whose text it is


def test_what_waits_is_not_shown_to_somebody_else(output):
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    post = send(client, url, {"body": "<p>CANARY</p>"})
    lose_session(client)
    post()

    client.force_login(UserFactory())

    assert client.get(url).status_code == 404
    assert "CANARY" not in client.get(reverse("people:kept")).text


def proof(owner, page):
    return signing.dumps([owner, page], salt=kept.SALT, compress=True)


@pytest.mark.parametrize("word", [None, "", "x", "anonymous"])
def test_nobody_leaves_a_text_without_having_opened_the_form(client, output, word):
    url = edit_url(output)
    sent = {} if word is None else {"_writer": proof(0, url) if word == "anonymous" else word}

    response = client.post(url, {"body": "<p>x y</p>", **sent})

    assert response.url == f"{LOGIN}?next={url}"
    assert "kept" not in client.session


def test_an_old_form_leaves_no_text(client, output, monkeypatch):
    url = edit_url(output)
    word = proof(writer(output).pk, url)
    later = time.time() + kept.PROOF_SECONDS + 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    client.post(url, {"body": "<p>x y</p>", "_writer": word})

    assert "kept" not in client.session


def test_what_waits_is_forgotten_after_a_day(output, monkeypatch):
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    post = send(client, url, {"body": "<p>Von gestern</p>"})
    lose_session(client)
    post()
    session = client.session
    session["kept"] = [{**item, "at": item["at"] - 86_401} for item in session["kept"]]
    session.save()
    client.force_login(writer(output))

    assert "Von gestern" not in client.get(url).text


def test_passwords_and_codes_do_not_wait(output):
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    secrets = {"password1": "geheim", "code": "123456", "csrfmiddlewaretoken2": "x"}
    post = send(client, url, {"body": "<p>Text</p>", **secrets})
    lose_session(client)
    post()

    [item] = client.session["kept"]
    assert sorted(item["fields"]) == ["body", "version"]


def test_allauth_keeps_nothing(client, db):
    user = UserFactory()
    url = reverse("account_change_password")

    client.post(url, {"oldpassword": "a b", "next": "x y", "_writer": proof(user.pk, url)})

    assert "kept" not in client.session


def test_a_form_too_large_does_not_wait(output, monkeypatch):
    monkeypatch.setattr(kept, "MAX_CHARACTERS", 20)
    client, url = strict_client(), edit_url(output)
    client.force_login(writer(output))
    post = send(client, url, {"body": "<p>" + "x" * 20})
    lose_session(client)

    assert "wiederholen Sie danach" in client.get(post().url).text
    assert "kept" not in client.session


def test_three_forms_wait_at_most(client, output):
    for number in range(5):
        url = edit_url(OutputFactory(participation=output.participation))
        client.post(url, {"body": f"Text {number}", "_writer": proof(writer(output).pk, url)})

    texts = [item["fields"]["body"] for item in client.session["kept"]]
    assert texts == [["Text 2"], ["Text 3"], ["Text 4"]]


# Filling a page


PAGE = """<form method="get" action="/x/"><input name="a" value="1"></form>
<form method="post" action="/x/"><input name="csrfmiddlewaretoken" type="hidden" value="t">
<input name="a" value="&quot;1&quot;"> <input name="b"/><input type="password" name="p">
<input type="checkbox" name="c" value="1" checked><input type="checkbox" name="c" value="2">
<select name="s"><option value="1" selected>eins</option><option value="2">zwei</option></select>
<textarea name="t">
alt &amp; neu</textarea><button name="go" value="1">ab</button></form><p>&nbsp;&amp &lt;p&gt;</p>"""


def filled(**values):
    return fill_forms(PAGE, "/x/", "/x/", values)


def test_fields_of_the_form_are_filled():
    page, missing = filled(
        a=['"neu" & <b>'],
        b=["2"],
        c=["2"],
        s=["2"],
        t=["\nerste\n</textarea><script>"],
        p=["x"],
        go=["1"],
    )

    reader = FormReader("/x/", "/x/")
    reader.feed(page)
    assert missing == set()
    assert reader.fields == {
        "csrfmiddlewaretoken": ["t"],
        "a": ['"neu" & <b>'],
        "b": ["2"],
        "p": [""],
        "c": ["2"],
        "s": ["2"],
        "t": ["\nerste\n</textarea><script>"],
    }
    assert page.startswith('<form method="get" action="/x/"><input name="a" value="1"></form>')
    assert page.endswith("<p>&nbsp;&amp &lt;p&gt;</p>")
    assert "<script>" not in page


def test_a_value_without_a_field_is_told():
    assert filled(a=["1"], weg=["ein Text"], leer=[""])[1] == {"weg"}


def test_a_token_stays_that_of_the_page():
    assert 'value="t"' in filled(csrfmiddlewaretoken=["alt"])[0]


@given(st.dictionaries(st.sampled_from("abst"), st.lists(st.text(max_size=20), max_size=3)))
def test_the_rest_of_the_page_stays(values):
    page, _missing = filled(**values)

    assert _bare(page) == _bare(PAGE)


def _bare(page):
    """The page without what fields hold."""
    page = re.sub(r"(<textarea[^>]*>).*?(</textarea>)", r"\1\2", page, flags=re.DOTALL)
    page = re.sub(r'\svalue="[^"]*"|\s(?:checked|selected)', "", page)
    return unescape(re.sub(r"\s*(/?)>", r"\1>", page))
