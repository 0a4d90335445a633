// Seeded data for the benchmarks: the same bytes on every machine.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const FOLDER = process.env.BENCH_DATA ?? join(tmpdir(), 'omny-consume-bench');
/** Where peers from the package registry are installed. */
export const PEERS = process.env.BENCH_PEERS ?? join(FOLDER, 'peers');
const BIN = new URL('../bin/omny-consume.js', import.meta.url).pathname;
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const CLIPS = 500;
const OPEN_SESSIONS = 20_000;
const START = 1_736_121_600;
const CSV_HEADER = 'OrganizationId,ClipId,SessionId,Type,Position,SeqNumber,Timestamp\n';

const FORMS = {
  ndjson: {
    head: '',
    event: (s, type, position, seq, time) =>
      `{"OrganizationId":"${ORGANIZATION}","ClipId":"${s.clip}","SessionId":"${s.id}","Type":"${type}","Position":${position},"SeqNumber":${seq},"Timestamp":${time}}\n`,
  },
  csv: {
    head: CSV_HEADER,
    event: (s, type, position, seq, time) =>
      `${ORGANIZATION},${s.clip},${s.id},${type},${position},${seq},${time}\n`,
  },
};

/** The path of a file of so many sound events, made where it is not there yet. */
export function eventsFile(form, events, { interleaved = false } = {}) {
  const path = join(FOLDER, `${interleaved ? 'interleaved' : 'events'}-${events}.${form}`);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const part = `${path}.part`;
  const file = openSync(part, 'w');
  let text = FORMS[form].head;
  for (const line of lines(FORMS[form], events, interleaved ? OPEN_SESSIONS : 1)) {
    text += line;
    if (text.length < 1 << 20) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
  renameSync(part, path);
  return path;
}

/** The path of what `simulate` writes of so many sessions, made where it is not there yet. */
export function simulatedFile(sessions) {
  const path = join(FOLDER, `simulated-${sessions}.ndjson`);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  execFileSync(process.execPath, [
    BIN,
    'simulate',
    '-q',
    '--seed',
    '1',
    '--sessions',
    String(sessions),
    '-o',
    path,
  ]);
  return path;
}

/** The path of a ledger that knows all but the last hundredth of so many simulated sessions as delivered to the built-in mock. */
export function nightlyLedger(sessions) {
  const path = join(FOLDER, `nightly-${sessions}.ledger`);
  if (existsSync(path)) return path;
  const known = simulatedFile(sessions - sessions / 100);
  const words = ['send', '-q', '--endpoint', 'mock', '--batch-sessions', '2000', '--batch-bytes', '8000000'];
  execFileSync(process.execPath, [BIN, ...words, '--ledger', `${path}.part`, known], { stdio: 'ignore' });
  renameSync(`${path}.part`, path);
  rmSync(known);
  return path;
}

/** The path of the same events in request bodies, one a line. */
export function bodyLinesFile(events) {
  const lines = eventsFile('ndjson', events);
  const path = join(FOLDER, `bodies-${events}.ndjson`);
  if (!existsSync(path))
    execFileSync(process.execPath, [BIN, 'convert', '-q', '--output-format', 'bodies', '-o', path, lines]);
  return path;
}

/** The path of the same events as Parquet, with the types of a warehouse, or with all but numbers as texts. */
export async function parquetFile(events, { typed }) {
  const path = join(FOLDER, `events-${events}-${typed ? 'typed' : 'texts'}.parquet`);
  if (existsSync(path)) return path;
  const typedColumns = typed
    ? '* REPLACE (OrganizationId::UUID AS OrganizationId, ClipId::UUID AS ClipId, SessionId::UUID AS SessionId, to_timestamp(Timestamp) AS Timestamp)'
    : '*';
  await copyTo(
    `SELECT ${typedColumns} FROM '${eventsFile('csv', events)}'`,
    `${path}.part`,
    'FORMAT parquet',
  );
  renameSync(`${path}.part`, path);
  return path;
}

/** Writes what a SELECT gives to a file, by DuckDB. */
export async function copyTo(select, path, options) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (${options})`);
  connection.closeSync();
  instance.closeSync();
}

/** The path of the same events as one JSON array, for a peer that reads nothing else. */
export function arrayFile(events) {
  const lines = eventsFile('ndjson', events);
  const path = join(FOLDER, `events-${events}.json`);
  if (!existsSync(path))
    writeFileSync(path, `[${readFileSync(lines, 'utf8').trimEnd().replaceAll('\n', ',')}]`);
  return path;
}

/** The path of the JSON Schema of such an array. */
export function arraySchema() {
  const path = join(FOLDER, 'events.schema.json');
  const guid = { type: 'string', pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' };
  const properties = {
    OrganizationId: guid,
    ClipId: guid,
    SessionId: guid,
    Type: { enum: ['Start', 'Stop'] },
    Position: { type: 'number', minimum: 0 },
    SeqNumber: { type: 'integer', minimum: 1 },
    Timestamp: { type: 'number' },
  };
  const items = { type: 'object', required: Object.keys(properties), properties };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path, JSON.stringify({ type: 'array', items }));
  return path;
}

/**
 * The request bodies in which `send` posts the events, a file each, with a list of them and a configuration that lets curl post them to a URL.
 * @param sessions in a request.
 */
export function bodyFiles(events, sessions, url) {
  const folder = join(FOLDER, `bodies-${events}-${sessions}`);
  const list = join(folder, 'list');
  if (!existsSync(list)) {
    mkdirSync(folder, { recursive: true });
    const settings = [
      '--output-format',
      'bodies',
      '--batch-bytes',
      '1000000',
      '--batch-sessions',
      String(sessions),
    ];
    const all = join(folder, 'all');
    execFileSync(process.execPath, [
      BIN,
      'convert',
      '-q',
      ...settings,
      '-o',
      all,
      eventsFile('ndjson', events),
    ]);
    const bodies = readFileSync(all, 'utf8').trimEnd().split('\n');
    const paths = bodies.map((body, n) => {
      const path = join(folder, `${n}.json`);
      writeFileSync(path, body);
      return path;
    });
    writeFileSync(list, `${paths.join('\n')}\n`);
  }
  const paths = readFileSync(list, 'utf8').trimEnd().split('\n');
  const curl = join(folder, 'curl');
  const post = (path) =>
    `url = "${url}"\ndata-binary = "@${path}"\nheader = "Content-Type: application/json"\noutput = "/dev/null"\n`;
  writeFileSync(curl, paths.map(post).join('next\n'));
  return { paths, list, curl };
}

/** How many lines a file has. */
export function lineCount(path) {
  let lines = 0;
  const bytes = readFileSync(path);
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** Events of sound sessions; of so many open ones the next event is drawn. */
function* lines({ event }, count, open) {
  const random = mulberry32(20_260_101);
  const clips = Array.from({ length: CLIPS }, () => guid(random));
  const begin = () => ({
    id: guid(random),
    clip: clips[Math.floor(random() * random() * CLIPS)],
    left: 2 * (1 + Math.floor(random() * 5)),
    seq: 0,
    position: Math.floor(random() * 600_000) / 1000,
    time: START + Math.floor(random() * 30_000_000),
  });
  const sessions = Array.from({ length: open }, begin);
  for (let made = 0; made < count; made += 1) {
    const at = Math.floor(random() * open);
    const session = sessions[at];
    const starts = session.seq % 2 === 0;
    const pause = 1 + Math.floor(random() * 90);
    session.seq += 1;
    session.time += pause;
    if (!starts) session.position = Math.round((session.position + pause) * 1000) / 1000;
    yield event(session, starts ? 'Start' : 'Stop', session.position, session.seq, session.time);
    session.left -= 1;
    if (session.left === 0) sessions[at] = begin();
  }
}

function guid(random) {
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
