"""
How large an event may be, and its parts (SPEC V6).

Everything below the limits is accepted exactly as sent; anything above them can never be
understood and is quarantined (V5), so the limits are those of the event, not of the transport.
"""

from datetime import UTC, datetime

EVENT_BYTES_MAX = 131_072
"""
Bytes (128 KiB) of the event as compact JSON in UTF-8: user_id, id, time, properties, attributes.
SPEC V6.
"""

NESTING_MAX = 20
"""Levels of objects and arrays; `properties` itself is level 1, and so is `attributes`. SPEC V6."""

PROPERTIES_MAX = 256
"""Top-level names in `properties`. SPEC V6."""

ATTRIBUTES_MAX = 256
"""
Top-level names in `attributes`; the same as for properties, since both end in one item. SPEC V6.
"""

NAME_CHARACTERS_MAX = 255
"""
Characters (code points) of an event's name, a user's id, an event's id, and a name at any level.
SPEC V6.

Four bytes each at most, so that an id with its prefix still fits a DynamoDB sort key of 1,024
bytes. Source: DynamoDB Developer Guide, "Constraints in Amazon DynamoDB" (read 2026-11).
"""

STRING_BYTES_MAX = 8_192
"""Bytes (8 KiB) of one text in UTF-8. SPEC V6."""

NUMBER_DIGITS_MAX = 38
"""
Significant decimal digits of a number, leading and trailing zeros not counted. SPEC V6.

As many as DynamoDB keeps. Source: DynamoDB Developer Guide, "Data types", Number (read 2026-11).
"""

INTEGER_CHARACTERS_MAX = 310
"""
Characters of the text of an integer that is still read: 309 digits and a sign.

The largest double has 309 digits, and a larger number is not finite where numbers are compared. A
longer text is not converted at all: the time that takes grows with the square of its length.
"""

BODY_BYTES_MAX = 1_048_576
"""
Bytes (1 MiB) of a message or a line that is looked at; beyond it is refused unread.

The most an SQS message can hold. Source: SQS Developer Guide, "Amazon SQS message quotas" (read
2026-11).
"""

TIME_MIN = datetime(1970, 1, 1, tzinfo=UTC)
"""
Earliest time of an event, UTC. Nothing in an app happened before it; such a time is a producer's
bug.
"""

ENTRY_BYTES_MAX = 262_143
"""
Bytes of all entries of one PutEvents request: less than 256 KiB.

Newer pages allow 1 MB, but not in every partition; the smaller figure is right everywhere, and
twice what an event may have. Source: EventBridge User Guide, "Calculating PutEvents event entry
size" (read 2026-11).
"""

DETAIL_TYPE_CHARACTERS_MAX = 128
"""
Characters of an event's name that PutEvents takes, fewer than NAME_CHARACTERS_MAX.

Source: EventBridge API Reference, "PutEventsRequestEntry", DetailType (read 2026-11).
"""
