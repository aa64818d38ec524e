"""
Events as what the user did: `they bought`, `the event wishlist_shared happened`.
"""

from unless.cli.console import printable

DEEDS = {
    "session_start": "they started a session",
    "purchase": "they bought",
    "location_entered": "they entered a location",
    "geofence_entered": "they entered a geofence",
    "geofence_exited": "they left a geofence",
    "card_interaction": "they used a card",
    "message_interaction": "they received or used a message",
    "sms_received": "they sent an SMS",
    "whatsapp_received": "they sent a WhatsApp message",
    "line_received": "they sent a LINE message",
    "cart_updated": "they changed their cart",
    "checkout_started": "they started a checkout",
    "checkout_completed": "they completed a checkout",
    "email_added": "they gave an e-mail address",
    "attribute_changed": "an attribute of theirs changed",
    "subscription_changed": "their e-mail subscription changed",
    "subscription_group_changed": "a subscription group of theirs changed",
    "conversion": "they converted",
    "exception_performed": "an exception of theirs cancelled a message",
}
"""What the events with a meaning of their own say of the user (SPEC section 2)."""


def deed(name: str | None) -> str:
    """Return what the user did; of an event whose name is not known, that it happened."""
    if not name:
        return "an event of theirs happened"
    return DEEDS.get(name) or f"the event {printable(name)} happened"


def the_event(name: str | None) -> str:
    """Return the event as the subject of a sentence: `the event cart_updated`."""
    return f"the event {printable(name)}" if name else "the event"
