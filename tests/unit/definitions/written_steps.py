"""Steps of journeys as people write them, in flow style."""

MESSAGE = "{message: {}}"
EXIT = "{exit: true}"
LEAVE = f"{MESSAGE}, {EXIT}"


def steps(*written: str) -> str:
    """Return the steps, on one line."""
    return f"steps: [{', '.join(written)}]"


def delay(after: str) -> str:
    """Return a wait of that time."""
    return f"{{delay: {{after: {after}}}}}"


def split(then: str = "", other: str = "", name: str = "") -> str:
    """Return a split for those who are vip."""
    named = f"id: {name}, " if name else ""
    condition = "if: {attribute: vip, eq: true}"
    return f"{{split: {{{named}{condition}, then: [{then}], else: [{other}]}}}}"


def wait_for(steps: str = "", otherwise: str = "", within: str = "1d") -> str:
    """Return a wait for the event a."""
    path = f"{{event: a, steps: [{steps}]}}"
    return f"{{wait_for: {{within: {within}, paths: [{path}], otherwise: [{otherwise}]}}}}"


def branch(steps: str = "", otherwise: str = "", audience: str = "{attribute: a, eq: 1}") -> str:
    """Return a branch of one path."""
    path = f"{{audience: {audience}, steps: [{steps}]}}"
    return f"{{branch: {{paths: [{path}], otherwise: [{otherwise}]}}}}"


def experiment(*ways: str) -> str:
    """Return an experiment between these ways."""
    paths = ", ".join(f"{{weight: 1, steps: [{way}]}}" for way in ways)
    return f"{{experiment: {{paths: [{paths}]}}}}"
