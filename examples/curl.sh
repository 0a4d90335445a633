#!/bin/sh
# Posts a request body, and prints what the mock says of it.
set -e
post() { curl --fail --silent --show-error -H 'content-type: application/json' -d "@$1" "$2"; }
post body.json "$OMNY_CONSUME_ENDPOINT?organizationId=126281f8-200e-4c9f-8378-a4870055423b"
curl --fail --silent --show-error "$OMNY_CONSUME_MOCK/_mock/findings"
