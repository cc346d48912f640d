"""Saving forms and pressing buttons as a browser does: with all that the page sends along."""

from django.urls import reverse
from lxml import html


def admin_url(row, page: str = "change", *args) -> str:
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[row.pk, *args])


def _form(response, within: str):
    page = html.fromstring(response.text)
    for part in page.xpath("//noscript"):  # a browser with scripts has no fields there
        part.drop_tree()
    found = page.xpath(within)
    assert found, f"no form at {within}"
    return found[0]


def read_form(response, *, within: str = "//form[not(@id='logout-form')]") -> dict[str, list[str]]:
    """What the form of the page would send if nobody typed anything."""
    data: dict[str, list[str]] = {}
    for name, value in _form(response, within).form_values():
        data.setdefault(name, []).append(value)
    return data


def _change_page(client, row):
    response = client.get(admin_url(row))
    assert response.status_code == 200, response.status_code
    return response, f"//form[@id='{row._meta.model_name}_form']"


def read_change_form(client, row) -> dict[str, list[str]]:
    """What the form of a row in the admin would send if nobody typed anything."""
    response, within = _change_page(client, row)
    return read_form(response, within=within)


def names_in_form(client, row) -> list[str]:
    """Everything that can be typed or ticked in the form of a row in the admin."""
    response, within = _change_page(client, row)
    return [name for name in _form(response, within).fields if name]


def save(client, row, **typed):
    """Open the row's page in the admin, type and save; `None` unticks a box."""
    data = {**read_change_form(client, row), **typed}
    return client.post(
        admin_url(row), {name: value for name, value in data.items() if value is not None}
    )


def read_button(client, row, name: str) -> str:
    """The address of a button on the row's page in the admin, with the version that it carries."""
    page = html.fromstring(client.get(admin_url(row)).text)
    start = f"{admin_url(row, 'action', name)}?"
    found = [*page.xpath("//a/@href"), *page.xpath("//form/@action")]
    addresses = [address for address in found if address.startswith(start)]
    # A button that is not there or switched off is pressed by those who know its address.
    return addresses[0] if addresses else admin_url(row, "action", name)


def press(client, row, name: str, *, follow: bool = False, **data):
    """Open the row's page in the admin and press a button; `data` answers what it asks."""
    address = read_button(client, row, name)
    asked = client.get(address) if "?" in address else None
    if asked is not None and asked.status_code == 200:
        # What the question says is sent along.
        sent = read_form(asked, within="//div[@id='content-main']//form")
        data = {**{key: sent[key] for key in ("read",) if key in sent}, **data}
    return client.post(address, data, follow=follow)
