"""What a page weighs on the wire, everything that it loads included."""

import re

from flask import Flask
from flask.testing import FlaskClient

from dashboard.access import MAY
from phoneline.states import AccountRole
from tests.dashboard import pages
from tests.dashboard.evening import Evening
from tests.databases import ONE_KIND

MOST = 150_000
LOADED = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def weight(client: FlaskClient, address: str, loaded: dict[str, int]) -> int:
    html = client.get(address, follow_redirects=True)
    total = len(html.data)
    for asset in set(LOADED.findall(html.text)):
        if asset not in loaded:
            loaded[asset] = len(client.get(asset, headers={"Accept-Encoding": "gzip"}).data)
        total += loaded[asset]
    return total


@ONE_KIND
def test_no_page_weighs_more_than_an_old_phone_can_bear(app: Flask, busy_evening: Evening) -> None:
    client, loaded = pages.logged_in(app, AccountRole.ADMIN), dict[str, int]()
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in MAY and "GET" in (rule.methods or ())]
    weights = {rule.rule: weight(client, rule.rule, loaded) for rule in rules if not rule.arguments}
    assert len(loaded) >= 8
    assert {address: total for address, total in weights.items() if total > MOST} == {}
