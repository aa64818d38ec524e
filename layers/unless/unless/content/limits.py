"""
How much a template may do before it is stopped; python-liquid limits next to nothing by itself.

A template is written by the one who publishes it, but what it is filled with comes from outside,
and a message that is rendered for ever holds up all the others. All of this is counted, never
timed, so that the same template with the same values always ends the same way.
"""

TEMPLATE_BYTES_MAX = 64 * 1024
"""Largest template, in bytes of UTF-8. Source: Gmail clips an e-mail at 102 KB (read 2026-11)."""

VALUE_CHARACTERS_MAX = 64 * 1024
"""Longest text that a filter takes or makes, in characters."""

LIST_ITEMS_MAX = 10_000
"""Most items of a list that a filter takes or makes, and of a range."""

NUMBER_DIGITS_MAX = 38
"""Most digits of a number before the point, as for the numbers of events (SPEC V6)."""

LOOP_ITERATIONS_MAX = 10_000
"""Most turns of all loops of one rendering together."""

OUTPUT_BYTES_MAX = 200_000
"""Most bytes of UTF-8 that one part of a message may have."""

NAMESPACE_BYTES_MAX = 200_000
"""Most bytes of the variables that a template makes for itself, roughly."""

DEPTH_MAX = 20
"""How deep partials and blocks may be nested."""

MARKS_MAX = 4_000
"""
Most tags and outputs in one template; each takes some ten microseconds to be compiled.

A mail of a shop has a few hundred.
"""

MARK_CHARACTERS_MAX = 2_000
"""Longest tag or output, in characters: its conditions are evaluated one inside the other."""

WORK_MAX = 1_500_000
"""
Most work of one rendering, in characters: the tags of a template once for each time that a loop or
a partial renders them, and all that filters read and make. Measured: about 0.1 s of CPU.
"""

ITEM_WORK = 25
"""What one item of a list counts for, in characters of WORK_MAX."""

TURN_WORK = 50
"""What each turn of a loop counts for beside its tags, in characters of WORK_MAX."""

PARTIAL_WORK = 1_000
"""What each rendering of a partial counts for beside its tags, in characters of WORK_MAX."""

SUBJECT_CHARACTERS_MAX = 500
"""
Longest subject, in characters; a longer one is cut.

Source: RFC 5322, section 2.1.1, a line of 998 characters (read 2026-11), of which UTF-8 in
encoded words takes about half.
"""

READ_ITEM_WORK = 6
"""What one item of a list counts for each time that the list is looked at."""

TEXT_READ_PER_WORK = 16
"""Characters of a text that count for one each time that the text is looked at."""

HEAVY_FILTERS = {"strip_html": 10, "uniq": 4, "sort_natural": 2, "json": 2}
"""Filters that take so many times as long for a character, or an item, as the others do."""
