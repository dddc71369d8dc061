"""Policy: its arguments are checked when it is made, and it matches addresses as browsers write them."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re

import pytest

import auroraview_qt
from auroraview_qt.policy import Policy, covers, origin_of


def decide(url):
    return "browser"


def test_policy_is_public_and_closed_by_default():
    policy = auroraview_qt.Policy()
    assert policy == Policy()
    assert [policy.connect, policy.navigate, policy.frame, policy.popups] == [(), (), (), "browser"]
    assert [policy.script_eval, policy.wasm, policy.directives] == [False, False, {}]


def test_policy_cannot_be_changed_and_can_be_copied():
    policy = Policy(connect=["https://api.studio.lan"], directives={"font-src": "https://fonts.studio.lan data:"})
    with pytest.raises(dataclasses.FrozenInstanceError):
        policy.popups = "refuse"
    assert copy.deepcopy(policy) == pickle.loads(pickle.dumps(policy)) == dataclasses.replace(policy) == policy
    assert hash(policy) == hash(dataclasses.replace(policy))
    assert dataclasses.replace(policy, popups=decide).popups is decide


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.studio.lan", ("https://api.studio.lan",)),
        (["HTTPS://API.Studio.lan:443/", "wss://farm:9000"], ("https://api.studio.lan", "wss://farm:9000")),
        (("http://[::1]:8080", "ws://10.0.0.1"), ("http://[::1]:8080", "ws://10.0.0.1")),
        (iter(["https://*.studio.lan"]), ("https://*.studio.lan",)),
        (["https://bücher.example"], ("https://xn--bcher-kva.example",)),
        ((), ()),
    ],
)
def test_policy_keeps_origins_as_browsers_write_them(given, kept):
    assert Policy(connect=given).connect == kept


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"conect": ()}, TypeError, "no argument 'conect': did you mean 'connect'"),
        ({"anything": 1}, TypeError, "no argument 'anything': there are 'connect'"),
        ({"popups": "brwoser"}, ValueError, "a function of the address; did you mean 'browser'"),
        ({"popups": None}, ValueError, "a function of the address; there are 'browser', 'refuse'"),
        ({"popups": True}, ValueError, "there are 'browser', 'refuse'"),
        ({"wasm": "yes"}, TypeError, "use True or False"),
        ({"script_eval": 1}, TypeError, "use True or False"),
        ({"connect": None}, TypeError, "give a list of texts"),
        ({"connect": {"https://a": 1}}, TypeError, "give a list of texts"),
        ({"connect": b"https://a"}, TypeError, "give a list of texts"),
        ({"connect": [7]}, TypeError, "7 is no text"),
        ({"connect": ["htps://a"]}, ValueError, "did you mean 'https'?"),
        ({"connect": ["api.studio.lan"]}, ValueError, "give scheme://host; schemes are https://, http://, wss://, ws://"),
        ({"connect": ["https://"]}, ValueError, "did you mean 'https'"),
        ({"connect": ["*"]}, ValueError, "give scheme://host"),
        ({"connect": ["https://*"]}, ValueError, "a star replaces only the first part"),
        ({"connect": ["https://a.*.lan"]}, ValueError, "a star replaces only the first part"),
        ({"connect": ["https://a/path"]}, ValueError, "nothing behind it"),
        ({"connect": ["https://a?b"]}, ValueError, "nothing behind it"),
        ({"connect": ["https://user@a"]}, ValueError, "nothing behind it"),
        ({"connect": ["https://a:port"]}, ValueError, "port"),
        ({"connect": ["https://a; script-src *"]}, ValueError, "is not a host"),
        ({"connect": ["https://a b"]}, ValueError, "is not a host"),
        ({"connect": ['https://a">']}, ValueError, "is not a host"),
        ({"connect": ["https://a,b"]}, ValueError, "is not a host"),
        ({"navigate": ["wss://a"]}, ValueError, "schemes are https://, http://"),
        ({"frame": ["file:///etc"]}, ValueError, "schemes are"),
        ({"navigate": ["javascript://a/%0aalert(1)"]}, ValueError, "schemes are"),
        ({"directives": ["font-src"]}, TypeError, "give a dict"),
        ({"directives": {"font": "x"}}, ValueError, "no directive 'font': did you mean 'font-src'"),
        ({"directives": {"report-uri": "x"}}, ValueError, "no directive 'report-uri'"),
        ({"directives": {"font-src": "https://a; script-src *"}}, ValueError, "is no source"),
        ({"directives": {"font-src": 'https://a" onload="x'}}, ValueError, "is no source"),
        ({"directives": {"font-src": ["https://a,b"]}}, ValueError, "is no source"),
        ({"directives": {"font-src": [1]}}, TypeError, "1 is no text"),
    ],
)
def test_policy_with_a_wrong_argument_says_what_to_write(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        Policy(**arguments)


@pytest.mark.parametrize(
    ("origin", "url", "is_covered"),
    [
        ("https://sso.studio.lan", "https://sso.studio.lan/login?next=1", True),
        ("https://sso.studio.lan", "https://sso.studio.lan", True),
        ("https://sso.studio.lan", "https://sso.studio.lan.evil.com/", False),
        ("https://sso.studio.lan", "https://sso.studio.lan@evil.com/", False),
        ("https://sso.studio.lan", "https://sso.studio.lan:8443/", False),
        ("https://sso.studio.lan", "http://sso.studio.lan/", False),
        ("https://sso.studio.lan:8443", "https://sso.studio.lan:8443/", True),
        ("https://*.studio.lan", "https://sso.studio.lan/", True),
        ("https://*.studio.lan", "https://a.b.studio.lan/x", True),
        ("https://*.studio.lan", "https://studio.lan/", False),
        ("https://*.studio.lan", "https://evilstudio.lan/", False),
        ("https://*.studio.lan", "https://evil.com/.studio.lan/", False),
        ("https://*.studio.lan", "https://evil.com?.studio.lan/", False),
        ("https://*.studio.lan", "https://x.studio.lan.evil.com/", False),
        ("https://*.studio.lan", "https://evil.com@x.studio.lan/", False),
        ("https://*.studio.lan", "https://x.studioXlan/", False),
    ],
)
def test_origin_covers_its_own_addresses_only(origin, url, is_covered):
    assert covers(origin, url) is is_covered
    assert Policy(navigate=[origin]).shows(url) is is_covered


def test_origin_of_an_address_leaves_out_what_it_carries():
    assert origin_of("https://user:secret@example.com:81/a?b#c") == "https://example.com:81"
    assert origin_of("mailto:a@b.c?body=x") == "mailto:"
    assert origin_of("https://[broken") == "https://[broken"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"downloads": "aks"}, ValueError, "did you mean 'ask'"),
        ({"downloads": "some/folder"}, ValueError, "give an absolute folder, 'refuse' or 'ask'"),
        ({"downloads": 5}, TypeError, "a function of the Download"),
        ({"dialogs": "modl"}, ValueError, "did you mean 'modal'"),
        ({"permissions": ["camra"]}, ValueError, "did you mean 'camera'"),
        ({"permissions": 3}, TypeError, "a list of texts"),
        ({"zoom": 1}, TypeError, "True or False"),
        ({"credentials": [("https://a", "ann", "secret")]}, TypeError, "give a dict of origins and (user, password)"),
        ({"credentials": {"farm.lan": ("ann", "secret")}}, ValueError, "schemes are https://, http://, proxy://"),
        ({"credentials": {"https://a/b": ("ann", "secret")}}, ValueError, "nothing behind it"),
        ({"credentials": {5: ("ann", "secret")}}, TypeError, "5 is no text"),
        ({"credentials": {"https://a": "secret"}}, TypeError, "str: give (user, password)"),
        ({"credentials": {"https://a": ("ann", None)}}, TypeError, "tuple: give (user, password)"),
        ({"fullscreen": "yes"}, TypeError, "True or False"),
        ({"file_pickers": "yes"}, TypeError, "True or False"),
        ({"fs": True}, TypeError, 'fs={"roots": ["/projects"]}'),
        ({"clipboard": "read"}, TypeError, "True, or a dict of options"),
    ],
)
def test_wrong_values_of_further_arguments_are_refused(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)) as raised:
        Policy(**arguments)
    assert "secret" not in str(raised.value)


def test_policy_keeps_logins_by_origin_and_never_shows_them():
    policy = Policy(credentials={"HTTPS://Farm.lan:443/": ["ann", "secret"], "https://*.studio.lan": ("bob", "secret")})
    assert policy.login("https://farm.lan", "") == ("ann", "secret")
    assert policy.login("https://api.studio.lan", "") == ("bob", "secret")
    assert policy.login("https://studio.lan", "") is None
    assert policy.login("http://farm.lan", "") is None
    assert "secret" not in repr(policy)
    assert dataclasses.replace(policy, zoom=True).login("https://farm.lan", "") == ("ann", "secret")
    assert hash(policy) == hash(dataclasses.replace(policy))
    with pytest.raises(TypeError, match="the function for credentials returned str: give"):
        Policy(credentials=lambda origin, realm: "secret").login("https://a", "")


def test_policy_takes_the_capabilities(tmp_path):
    policy = Policy(fs={"roots": [tmp_path]}, clipboard=True, downloads=tmp_path, permissions="camera")
    assert policy.capabilities() == {"fs": {"roots": [tmp_path]}, "clipboard": {}}
    assert policy.permissions == ("camera",)
    assert hash(policy) == hash(dataclasses.replace(policy))
    assert Policy().capabilities() == {}
