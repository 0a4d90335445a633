// What is measured, against what, and the goal: rows of the table that `run.js` prints.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  arrayFile,
  arraySchema,
  bodyFiles,
  bodyLinesFile,
  eventsFile,
  lineCount,
  nightlyLedger,
  PEERS,
  parquetFile,
  simulatedFile,
} from './data.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const NODE = process.execPath;
const ours = (...args) => [NODE, join(ROOT, 'bin', 'omny-consume.js'), ...args];
/** Runs two command lines, one after the other. */
const both = (first, second) => {
  const [one, two] = [first, second].map((words) => words.map((word) => `'${word}'`).join(' '));
  return ['sh', '-c', `${one} && ${two}`];
};
const yardstick = (name, file) => [NODE, join(ROOT, 'bench', 'yardsticks.js'), name, file];

const MILLION = 1_000_000;
const PEER_EVENTS = 100_000;
const SIMULATED = 500_000;
/** Of about six events a session. */
const SINGLE_EVENTS = 60_000;
const BULK_EVENTS = 300_000;
const BULK_SESSIONS = 50;
const CONNECTIONS = 16;
const FROM_REGISTRY = `npm install --prefix ${PEERS} ajv-cli @duckdb/node-api`;
const FILES = {
  plain: () => eventsFile('ndjson', MILLION),
  interleaved: () => eventsFile('ndjson', 5 * MILLION, { interleaved: true }),
  csv: () => eventsFile('csv', MILLION),
  peers: () => eventsFile('ndjson', PEER_EVENTS),
  small: () => eventsFile('ndjson', 12),
};

/** Sends all of a file's sessions to an endpoint on this machine. */
const sending = (url, sessions, connections, file) =>
  ours(
    'send',
    '-q',
    '--endpoint',
    url,
    '--no-ledger',
    '--batch-sessions',
    String(sessions),
    '--batch-bytes',
    '1000000',
    '--concurrency',
    String(connections),
    file,
  );

/** Parquet by `--query`, against what one would do without it. */
async function parquetRow(types) {
  const file = await parquetFile(MILLION, { typed: types === 'typed' });
  const validate = (...words) => ours('validate', '--format', 'json', ...words);
  return {
    title: `validate --query, 1 M event rows in Parquet, ${types === 'typed' ? 'ids and times with their types' : 'ids as texts'} / COPY to CSV, and validate that`,
    events: MILLION,
    yardstick: both(yardstick('copy-csv', file), validate(`${file}.csv`)),
    ours: validate('--query', `SELECT * FROM '${file}'`),
    // Besides what DuckDB may take, which is twice `--memory`.
    goal: { most: 1.3, memory: 200 + 2 * 96 },
  };
}

/**
 * Each is handed the URL of an endpoint on this machine, and gives a row. `posts`: both sides are to post the same number of requests there.
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
  'validate-bodies': () => {
    const file = bodyLinesFile(MILLION);
    return {
      title: 'validate, 1 M events in request bodies, one body per line / the parse loop',
      events: MILLION,
      yardstick: yardstick('parse-loop', file),
      ours: ours('validate', '--format', 'json', file),
      goal: {},
    };
  },
  'validate-parquet': () => parquetRow('typed'),
  'validate-parquet-texts': () => parquetRow('texts'),
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
      title: 'simulate, 500 k sessions / writing the same bytes from memory',
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
  'peer-ajv': () => ({
    title: 'validate, 100 k events / ajv-cli, the schema part only',
    events: PEER_EVENTS,
    needs: `test -x ${join(PEERS, 'node_modules', '.bin', 'ajv')}`,
    install: FROM_REGISTRY,
    yardstick: [
      join(PEERS, 'node_modules', '.bin', 'ajv'),
      'validate',
      '-s',
      arraySchema(),
      '-d',
      arrayFile(PEER_EVENTS),
    ],
    ours: ours('validate', '--format', 'json', FILES.peers()),
    goal: { least: 2 },
  }),
  'peer-duckdb': () => ({
    title: 'validate, 100 k events / DuckDB, the schema part only',
    events: PEER_EVENTS,
    needs: `test -d ${join(PEERS, 'node_modules', '@duckdb', 'node-api')}`,
    install: FROM_REGISTRY,
    yardstick: [NODE, join(ROOT, 'bench', 'peer_duckdb.js'), PEERS, FILES.peers()],
    ours: ours('validate', '--format', 'json', FILES.peers()),
    goal: { least: 1.5 },
  }),
  'send-single': (url) => {
    const { paths } = bodyFiles(SINGLE_EVENTS, 1, url);
    const posts = paths.length;
    return {
      title: `send, ${posts} sessions, each in a request / ab -k -c 16 posting one body as often`,
      posts,
      needs: 'ab',
      install: 'apt-get install apache2-utils',
      yardstick: [
        'ab',
        '-q',
        '-k',
        '-c',
        String(CONNECTIONS),
        '-n',
        String(posts),
        '-p',
        paths[0],
        '-T',
        'application/json',
        url,
      ],
      ours: sending(url, 1, CONNECTIONS, eventsFile('ndjson', SINGLE_EVENTS)),
      goal: { least: 0.3 },
    };
  },
  'send-curl': (url) => {
    const { paths, curl } = bodyFiles(BULK_EVENTS, BULK_SESSIONS, url);
    return {
      title: `send, ${BULK_SESSIONS} sessions per request, ${paths.length} requests / curl --parallel on the same bodies`,
      events: BULK_EVENTS,
      posts: paths.length,
      needs: 'curl',
      install: 'apt-get install curl',
      yardstick: ['curl', '-s', '--parallel', '--parallel-max', String(CONNECTIONS), '-K', curl],
      ours: sending(url, BULK_SESSIONS, CONNECTIONS, eventsFile('ndjson', BULK_EVENTS)),
      goal: { least: 1 },
    };
  },
  'send-xargs': (url) => {
    const { paths, list } = bodyFiles(BULK_EVENTS, BULK_SESSIONS, url);
    const post = `curl -s -o /dev/null -H Content-Type:application/json --data-binary @{} ${url}`;
    return {
      title: `send, ${BULK_SESSIONS} sessions per request, ${paths.length} requests / xargs -P8 curl on the same bodies`,
      events: BULK_EVENTS,
      posts: paths.length,
      needs: 'curl',
      install: 'apt-get install curl',
      yardstick: ['sh', '-c', `xargs -P8 -I{} ${post} < ${list}`],
      ours: sending(url, BULK_SESSIONS, CONNECTIONS, eventsFile('ndjson', BULK_EVENTS)),
      goal: { least: 20 },
    };
  },
  'send-nightly': () => {
    const file = simulatedFile(MILLION);
    const ledger = nightlyLedger(MILLION);
    // Each run delivers the new ones, so each has a ledger of its own.
    const send = ours('send', '-q', '--endpoint', 'mock', '--ledger', `${ledger}.run`, file);
    return {
      title: 'send, 1 M sessions of which 1 % are new to the ledger / validate of the same file',
      yardstick: ours('validate', '--format', 'json', file),
      ours: ['sh', '-c', 'cp "$0" "$0.run" && exec "$@"', ledger, ...send],
      goal: { most: 2.5, memory: 200 },
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
