"""
The definitions under attack: a message at once, one unless, a debounce, one far off, a journey.
"""

from datetime import timedelta

from unless.composition import OnAws
from unless.definitions.checks import check
from unless.definitions.reading import read_text

LAUNCHED_AGO = timedelta(days=1)

DEFINITIONS = """
campaign: at_once
trigger: {event: hello}
reeligible: always
message: {channel: email, subject: "Hello", text: "Hello {{ user.name }}"}
---
campaign: cart_reminder
trigger: {event: cart_left}
delay: {after: 30s}
unless: [{event: purchase}]
reeligible: always
message: {channel: email, subject: "Your cart", text: "It waits."}
---
campaign: search_help
trigger: {event: searched}
delay: {after: 6s}
unless: [{event: searched}]
reeligible: always
---
campaign: far_off
trigger: {event: trial_began}
delay: {after: 30m}
unless: [{event: trial_left}]
reeligible: always
message: {channel: email, subject: "Your trial", text: "It ends soon."}
---
journey: onboarding
entry: {trigger: {event: registered}}
reentry: always
exit: {when: immediate, events: [{event: purchase}]}
steps:
  - message: {id: welcome, channel: email, subject: "Welcome", text: "Good to see you."}
  - delay: {after: 5s}
  - message: {id: tour, channel: event}
"""


def publish(app: OnAws, max_lateness: str = "1h") -> None:
    """Make the definitions live, as launched a day ago, in a workspace with this lateness."""
    workspace = f"workspace: {{zone: UTC, max_lateness: {max_lateness}}}\n---"
    documents = check(read_text(workspace + DEFINITIONS).documents)
    launched = app.clock() - LAUNCHED_AGO
    app.operate.carry_out(app.operate.plan_publish(documents, launch_default=launched))
