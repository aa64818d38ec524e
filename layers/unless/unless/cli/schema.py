"""
`unless schema`: the JSON Schema of the definitions, by which an editor completes and checks them.
"""

import json
import sys

from unless.definitions.schema import json_schema


def schema() -> None:
    """Print the schema as indented JSON."""
    sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
