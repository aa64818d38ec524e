"""
Values that have broken parsers, stores and templates before.
"""

from typing import Any

NUMBERS: tuple[Any, ...] = (
    *(0, -1, 7, 1.5, -0.0, 1e-320, 5e-324, 1.7976931348623157e308),
    *(float("nan"), float("inf"), float("-inf")),
    *(10**38 - 1, 10**38, 10**38 + 1, -(10**38) - 1, 10**39 - 1, 123456789 * 10**30),
    *(2**53 + 1, 2**63, 2**64, 10**308, 10**309, 10**400),
)

TEXTS: tuple[Any, ...] = (
    *("", " ", "\n", "text", "0", "NaN", "null", "true", "-0", "1e999"),
    *(
        "\0",
        "a\0b",
        "\ud800",
        "\udfff\ud800",
        "😀",
        "\u202e",
        "\ufeff",
        "\uffff",
        "\x1b[2J",
        "é" * 9,
    ),
    *("x" * 255, "x" * 256, "x" * 8_192, "x" * 8_193, "é" * 4_096, "é" * 4_097),
    *(
        "'; drop table users; --",
        "{{7*7}}",
        "{% raw %}",
        "{{ ''.__class__ }}",
        "../..",
        "${jndi:x}",
    ),
    *("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "a\r\nBcc: x@example.com", "%n%n%s"),
    *("__proto__", "constructor", "__class__", "toString", "hasOwnProperty", "#", "USER#u-1"),
)

TIMES: tuple[Any, ...] = (
    *("0000-01-01T00:00:00Z", "0001-01-01", "0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z"),
    *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59", "10000-01-01T00:00:00Z", "2999-01-01"),
    *("2026-02-30", "2026-02-02T10:00:60Z", "2026-02-02T24:00:00Z", "2026-13-01", "2026-02-02T10"),
    *(
        "2026-02-02T10:00:00+25:00",
        "2026-02-02T10:00:00.1234567890Z",
        "2026-W06-1",
        "\uff12026-02-02",
    ),
    *(1769990400, 1769990400000, "1769990400", "now", "2026-02-02T10:00:00Z\0"),
)

ZONES: tuple[Any, ...] = (
    *("Europe/Paris", "Pacific/Apia", "Antarctica/Troll", "UTC", "Etc/GMT+12"),
    *(
        "Europe/Pariss",
        "europe/paris",
        "Mars/Base",
        "/etc/localtime",
        "../UTC",
        "GMT+25",
        "EST5EDT",
    ),
)

STRUCTURES: tuple[Any, ...] = (
    *(None, True, False, [], {}, [[]], [None], {"a": None}, [{}], [[[[[]]]]]),
    *({"": 1}, {"x" * 256: 1}, {"\ud800": 1}, {"a": {"b": [{"": 0}]}}, {"a.b": {"[]": 1}}),
    *({"__proto__": {"admin": True}}, {"constructor": {"prototype": 1}}, {"__class__": "x"}),
    *({"email": 1}, {"email": []}, {"time_zone": "Mars/Base"}, {"language": 7}, {"country": {}}),
    *({"subscription_groups": {"g": "yes"}}, {"subscription_groups": []}),
    *({"subscription_groups": {"": True}}, {"email_subscribe": "maybe"}, {"phone": 33600000000}),
    *([{"sku": 1}, {"sku": None}, "bag", 7], {"items": "bag"}, {"price": "free", "quantity": -1}),
    *({"price": 1e308, "quantity": 10**38 - 1}, {"price": True}, {"quantity": 0.5}),
)

HUGE: tuple[Any, ...] = (
    {str(n): n for n in range(256)},
    {str(n): n for n in range(257)},
    [0] * 70_000,
    ["z" * 8_000] * 15,
    ["z" * 8_000] * 17,
    "y" * 1_100_000,
    {"k" * 255 + str(n): "v" * 100 for n in range(3)},
    {f"{n}" + "k" * 200: "v" * 500 for n in range(180)},
)
"""Values near the limits and beyond; they take their time, so they are rarer."""

SMALL = (*NUMBERS, *TEXTS, *TIMES, *ZONES, *STRUCTURES)

NAMES: tuple[str, ...] = (
    *(
        "",
        "x" * 255,
        "x" * 256,
        "\ud800",
        "\0",
        "id",
        "time",
        "__proto__",
        "constructor",
        "user_id",
    ),
    *("properties", "attributes", "backfill", "hops", "email", "time_zone", "subscription_groups"),
)
"""Names that a part may have instead of its own."""
