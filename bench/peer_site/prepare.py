"""Make Django's own tables and a superuser who is signed in; writes the key of that session (python -m …)."""

import sys
from typing import Any

import django
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command


def signed_in(user: Any) -> str:
    """The key of a new session of `user`."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    users = get_user_model().objects
    found = users.filter(username="temoin").first() or users.create_superuser("temoin", "temoin@exemple.fr")
    sys.stdout.write(signed_in(found))
