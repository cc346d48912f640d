"""Who reads the answer to a mail of the portal: the leads of the programme it is about."""

from typing import Any

from django.dispatch import receiver

from people.signals import mail_leaves
from programmes.models import Responsibility


@receiver(mail_leaves)
def addresses_of_leads(scope: str, **_kwargs: Any) -> list[str]:
    leads = Responsibility.objects.filter(
        programme__slug=scope, role=Responsibility.Role.LEAD, user__is_active=True
    )
    return list(leads.order_by("pk").values_list("user__email", flat=True))
