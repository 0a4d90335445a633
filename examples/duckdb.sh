#!/bin/bash
# Checks what DuckDB selects, as it comes out of the pipe.
set -euo pipefail
duckdb -c "copy (
  select session_id as SessionId, clip_id as ClipId, started_at as StartedAt,
    start_s as StartPosition, end_s as EndPosition
  from 'listening.parquet' where started_at >= '2026-03-01'
) to '/dev/stdout' (format csv, header)" |
  npx omny-consume validate --organization 126281f8-200e-4c9f-8378-a4870055423b --timezone UTC
