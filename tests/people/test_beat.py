from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from celery import current_app
from django.contrib.sessions.models import Session
from django.utils import timezone

from people.beat import clear_sessions_task
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_ended_sessions_go_every_day_with_what_was_noted_of_them(client):
    client.force_login(UserFactory())
    kept = client.session.session_key
    ended = Session.objects.create(
        session_key="ended", session_data="", expire_date=timezone.now() - timedelta(seconds=1)
    )
    for key in (kept, ended.session_key):
        UserSession.objects.create(
            user=UserFactory(), session_key=key, ip="192.0.2.1", user_agent="x"
        )

    clear_sessions_task()

    assert list(Session.objects.values_list("session_key", flat=True)) == [kept]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [kept]
    entry = current_app.conf.beat_schedule["people-sessions"]
    assert entry["task"] == clear_sessions_task.name
    assert entry["schedule"].hour == {3}
