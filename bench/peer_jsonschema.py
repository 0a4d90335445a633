"""The schema part of `validate` with python3-jsonschema: an event a line."""
import json
import sys

from jsonschema import Draft7Validator

GUID = {"type": "string", "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"}
FIELDS = {
    "OrganizationId": GUID,
    "ClipId": GUID,
    "SessionId": GUID,
    "Type": {"enum": ["Start", "Stop"]},
    "Position": {"type": "number", "minimum": 0},
    "SeqNumber": {"type": "integer", "minimum": 1},
    "Timestamp": {"type": "number"},
}
validator = Draft7Validator({"type": "object", "required": list(FIELDS), "properties": FIELDS})
with open(sys.argv[1], encoding="utf-8") as lines:
    print(sum(not validator.is_valid(json.loads(line)) for line in lines))
