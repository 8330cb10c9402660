"""Sessions that outlive their statement, by id, until they stood unused for as long as was asked."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.faults import ServiceFault, invalid

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.namespaces import Namespace
    from mwaactl.emulator.warehouse.sessions import Session

MAX_SESSIONS = 500


class SessionRegistry:
    """Keeps the sessions that SessionKeepAliveSeconds asks for."""

    def __init__(self) -> None:
        self._items: dict[str, Session] = {}
        self._lock = RLock()

    def keep(self, session: Session) -> None:
        """Keep a new session."""
        with self._lock:
            self._expire()
            if len(self._items) >= MAX_SESSIONS:
                message = f"Active sessions exceeded the allowed quota ({MAX_SESSIONS})."
                msg = "ActiveSessionsExceededException"
                raise ServiceFault(msg, message)
            self._items[session.session_id] = session

    def claim(self, session_id: str, keep_alive: int | None) -> Session:
        """Return a session for one statement; raises ValidationException if it is gone or busy."""
        with self._lock:
            self._expire()
            session = self._items.get(session_id)
            if session is None:
                message = f"Session {session_id} is not available: it does not exist or has timed out."
                raise invalid(message)
            if session.busy:
                message = f"Session {session_id} is busy: it runs one statement at a time."
                raise invalid(message)
            session.busy = True
            session.keep_alive = keep_alive or session.keep_alive
            return session

    def close(self, namespace: Namespace) -> None:
        """Disconnect every session on a namespace."""
        with self._lock:
            for key, session in list(self._items.items()):
                if session.namespace.namespace_id == namespace.namespace_id:
                    session.close()
                    del self._items[key]

    def _expire(self) -> None:
        for key, session in list(self._items.items()):
            if session.expired():
                session.close()
                del self._items[key]
