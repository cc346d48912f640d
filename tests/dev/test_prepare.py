import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from dev.prepare import check_history


@pytest.mark.django_db
def test_tables_of_this_state_are_taken():
    check_history()


@pytest.mark.django_db
def test_tables_of_another_state_are_one_sentence():
    MigrationRecorder(connection).record_applied("programmes", "0099_of_another_state")

    with pytest.raises(SystemExit) as end:
        check_history()

    assert "anderen Stand des Portals (programmes.0099_of_another_state)" in str(end.value)
