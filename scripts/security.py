"""
Looks at template.yaml with checkov and at the code with bandit: `make security`.

Both are in .venv-security; what they need not find stands, with reasons, in .checkov.yaml and
pyproject.toml. Checkov refuses YAML in which a merge (`<<`) is overridden, so it gets the template
as the JSON that CloudFormation would get: its findings name the resource.
"""

import json
import subprocess
import sys

from tests.template.reading import ROOT, TEMPLATE

TOOLS = ROOT / ".venv-security" / "bin"
RESOLVED = ROOT / ".local" / "security" / "template.json"
CODE = ("layers/unless/unless", "functions", "scripts")


def main() -> int:
    """Return 0 when neither found anything, else 1."""
    RESOLVED.parent.mkdir(parents=True, exist_ok=True)
    RESOLVED.write_text(json.dumps(TEMPLATE, indent=1))
    template = str(RESOLVED.relative_to(ROOT))
    found = [
        tool
        for tool, *arguments in (
            ("checkov", "--config-file", ".checkov.yaml", "--file", template),
            ("bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *CODE),
        )
        if subprocess.run([str(TOOLS / tool), *arguments], cwd=ROOT, check=False).returncode != 0
    ]
    print("security:", f"see above what {' and '.join(found)} found" if found else "nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
