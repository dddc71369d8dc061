"""Logins: answers servers and proxies that ask for a user and a password. GUI thread."""

from __future__ import annotations

import ctypes
from typing import Any

from auroraview_qt.policy import Policy, origin_of
from auroraview_qt.qt.page.closed_page import encoded
from auroraview_qt.qt.page.refusals import Refusals
from auroraview_qt.qt.support.binding import QtCore, QWebEnginePage
from auroraview_qt.qt.support.deferred import DeferredLog
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.widgets_only import forget, ownership

#: Remembered requests; a page may invent addresses without end.
MAX_REQUESTS = 1_000

_log = DeferredLog(__name__)


class Logins(QtCore.QObject):
    """The logins of one page.

    A server may lock an account after wrong passwords, so a refused login is never sent again. The engine asks twice for the
    same address if the server refused the first answer.

    Thread: GUI.

    Parameters
    ----------
    page : QWebEnginePage
        Owner.
    policy : Policy
        Its `credentials` answer.
    refusals : Refusals
        Logs logins without credentials.
    """

    def __init__(self, page: QWebEnginePage, policy: Policy, refusals: Refusals) -> None:
        super().__init__(page)
        self._policy = policy
        self._refusals = refusals
        self._sent: set[tuple[str, ...]] = set()
        self._refused: set[tuple[str, ...]] = set()
        page.authenticationRequired.connect(self._on_server_asks)
        page.proxyAuthenticationRequired.connect(self._on_proxy_asks)

    @guarded("a login was not answered")
    def _on_server_asks(self, url: QtCore.QUrl, authenticator: Any) -> None:
        address = encoded(url)
        # A WebSocket belongs to the server of its page's requests.
        origin = origin_of(f"http{address[2:]}" if address.startswith("ws") else address)
        self._answer(origin, address, authenticator)

    @guarded("the login of a proxy was not answered")
    def _on_proxy_asks(self, url: QtCore.QUrl, authenticator: Any, host: str) -> None:
        self._answer(f"proxy://{host}", encoded(url), authenticator)

    def _answer(self, origin: str, address: str, authenticator: Any) -> None:
        try:
            self._fill_in(origin, address, authenticator)
        finally:
            forget(authenticator)

    def _fill_in(self, origin: str, address: str, authenticator: Any) -> None:
        login = self._login(origin, str(authenticator.realm()))
        if login is None:
            why = f'no credentials are sent; Policy(credentials={{"{origin}": ("user", "password")}}) has them'
            self._refusals.tell("the login of", origin, why)
        elif self._may_send((origin, *login), address):
            authenticator.setUser(login[0])
            authenticator.setPassword(login[1])
            return
        _make_null(authenticator)

    @guarded("the program has no answer to the login of a server")
    def _login(self, origin: str, realm: str) -> tuple[str, str] | None:
        return self._policy.login(origin, realm)

    def _may_send(self, login: tuple[str, ...], address: str) -> bool:
        request = (*login, address)
        if login in self._refused:
            return False
        if request in self._sent:
            self._refused.add(login)
            _log.warning("%s refused the credentials for its login: they are not sent again", login[0])
            return False
        if len(self._sent) >= MAX_REQUESTS:
            self._sent.clear()
        self._sent.add(request)
        return True


def _make_null(authenticator: Any) -> None:
    """Make an authenticator null: the engine then shows the server's answer, in place of a login with empty texts."""
    module, null = ownership(), type(authenticator)()
    if hasattr(module, "assign"):  # sip
        module.assign(authenticator, null)
        return
    # PySide cannot assign. The object is a pointer to its data, in each Qt 5 and 6, and null without data.
    ours, new = (ctypes.c_void_p.from_address(module.getCppPointer(one)[0]) for one in (authenticator, null))
    if new.value is None:
        ours.value, new.value = new.value, ours.value  # Python's object deletes the data
