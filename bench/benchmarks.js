// What is measured, against what, and the goal: rows of the table that `run.js` prints.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventsFile, lineCount, simulatedFile } from './data.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const NODE = process.execPath;
const ours = (...args) => [NODE, join(ROOT, 'bin', 'omny-consume.js'), ...args];
const yardstick = (name, file) => [NODE, join(ROOT, 'bench', 'yardsticks.js'), name, file];

const MILLION = 1_000_000;
const PEER_EVENTS = 100_000;
const SIMULATED = 100_000;
const FILES = {
  plain: () => eventsFile('ndjson', MILLION),
  interleaved: () => eventsFile('ndjson', 5 * MILLION, { interleaved: true }),
  csv: () => eventsFile('csv', MILLION),
  peers: () => eventsFile('ndjson', PEER_EVENTS),
  small: () => eventsFile('ndjson', 12),
};

/**
 * `most` bounds our time over the yardstick's, `rate` is events a second, `least` the yardstick's over ours (how many times as fast we are), `memory` our peak in MiB.
 * `needs` is a command that must be there; `install` tells how it comes there.
 */
export const BENCHMARKS = {
  validate: () => {
    const file = FILES.plain();
    return {
      title: 'validate, 1 M bare events, NDJSON / read, split, JSON.parse',
      events: MILLION,
      yardstick: yardstick('parse-loop', file),
      ours: ours('validate', '--format', 'json', file),
      goal: { most: 0.5, memory: 150 },
    };
  },
  interleaved: () => {
    const file = FILES.interleaved();
    return {
      title: 'validate, 5 M interleaved events / the same loop',
      events: 5 * MILLION,
      yardstick: yardstick('parse-loop', file),
      ours: ours('validate', '--format', 'json', file),
      goal: { most: 0.8, memory: 200 },
    };
  },
  'validate-csv': () => {
    const file = FILES.csv();
    return {
      title: 'validate, 1 M event rows, CSV / read, split lines, split cells',
      events: MILLION,
      yardstick: yardstick('split-loop', file),
      ours: ours('validate', '--format', 'json', file),
      goal: { most: 1 },
    };
  },
  convert: () => {
    const file = FILES.plain();
    return {
      title: 'convert, 1 M bare events to NDJSON / the parse loop',
      events: MILLION,
      yardstick: yardstick('parse-loop', file),
      ours: ours('convert', '-q', file),
      goal: {},
    };
  },
  simulate: () => {
    const file = simulatedFile(SIMULATED);
    return {
      title: 'simulate, 100 k sessions / writing the same bytes from memory',
      events: lineCount(file),
      yardstick: yardstick('write-loop', file),
      ours: ours('simulate', '-q', '--seed', '1', '--sessions', String(SIMULATED)),
      goal: { rate: MILLION, memory: 150 },
    };
  },
  'peer-jq': () => {
    const file = FILES.peers();
    return {
      title: 'validate, 100 k events / jq, the schema part only',
      events: PEER_EVENTS,
      needs: 'jq',
      install: 'apt-get install jq',
      yardstick: ['jq', '-n', JQ_SCHEMA, file],
      ours: ours('validate', '--format', 'json', file),
      goal: { least: 15 },
    };
  },
  'peer-python': () => {
    const file = FILES.peers();
    return {
      title: 'validate, 100 k events / python3-jsonschema',
      events: PEER_EVENTS,
      needs: 'python3 -c "import jsonschema"',
      install: 'apt-get install python3-jsonschema',
      yardstick: ['python3', join(ROOT, 'bench', 'peer_jsonschema.py'), file],
      ours: ours('validate', '--format', 'json', file),
      goal: { least: 15 },
    };
  },
  version: () => ({
    title: '--version / node -e 0',
    yardstick: [NODE, '-e', '0'],
    ours: ours('--version'),
    goal: { most: 1.3 },
  }),
  'validate-small': () => ({
    title: 'validate, one small file / node -e 0',
    yardstick: [NODE, '-e', '0'],
    ours: ours('validate', FILES.small()),
    goal: { most: 1.6 },
  }),
  'send-small': () => ({
    title: 'send --dry-run, one small file / node -e 0',
    yardstick: [NODE, '-e', '0'],
    ours: ours('send', '--endpoint', 'mock', '--dry-run', FILES.small()),
    goal: { most: 2.1 },
  }),
};

const GUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
const JQ_SCHEMA = `reduce inputs as $e (0; if
  ($e.OrganizationId | type == "string" and test("${GUID}")) and ($e.ClipId | type == "string" and test("${GUID}")) and
  ($e.SessionId | type == "string" and test("${GUID}")) and ($e.Type == "Start" or $e.Type == "Stop") and
  ($e.Position | type == "number" and . >= 0) and ($e.SeqNumber | type == "number" and . >= 1 and . == floor) and
  ($e.Timestamp | type == "number") then . else . + 1 end)`;
