import pytest

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.loading import load_forms


@pytest.fixture(scope="session")
def forms() -> dict[str, Form]:
    return load_forms()
