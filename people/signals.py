"""What other rooms are asked."""

from django.dispatch import Signal

# Sent with `scope` when a mail about a programme leaves; a receiver returns the addresses to which
# its reader answers.
mail_leaves = Signal()
