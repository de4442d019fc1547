"""Another e-mail address for an account."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest

from her2site.models import User


@transaction.atomic
def change_address(request: HttpRequest, *, user: User, email: str) -> EmailAddress:
    """Send a link to the new address, which counts when its owner opens that.

    An old address that nobody ever confirmed protects nothing, and may be a slip: it is
    replaced at once. allauth would leave the account without any until then.
    """
    addresses = EmailAddress.objects
    if addresses.get_verified(user) is not None:
        return addresses.add_new_email(request, user, email)
    added: EmailAddress = addresses.add_email(request, user, email, confirm=True)
    if not User.objects.filter(email__iexact=email).exists():
        added.set_as_primary()
        addresses.filter(user=user).exclude(pk=added.pk).delete()
    return added
