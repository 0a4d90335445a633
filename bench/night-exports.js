// What a data warehouse exports night after night, for bench/nights.js: plays, the forms they come in, and what the program makes of them.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BIN = fileURLToPath(new URL('../bin/omny-consume.js', import.meta.url));
export const DAY = 86_400;
/** 2025-01-06T00:00:00Z. */
export const BEGIN = 1_736_121_600;
/** A night exports so many days. */
const DAYS = 3;

/** How the events of plays are exported: lines, of which each belongs to one listening. */
const EVENT_FORMATS = {
  ndjson: { ending: 'ndjson', lines: eventsOf, line: (event) => JSON.stringify(event) },
  csv: {
    ending: 'csv',
    head: 'OrganizationId,ClipId,SessionId,Type,Position,SeqNumber,Timestamp',
    lines: eventsOf,
    line: (event) => Object.values(event).join(','),
  },
  bodies: {
    ending: 'ndjson',
    lines: (listening, count) => [eventsOf(listening, count)],
    line: (events) => JSON.stringify({ Source: 'Custom', Completed: true, Events: events }),
  },
};
/** The shapes: a listening keeps its own. */
export const SHAPES = {
  events: { ...EVENT_FORMATS, parquet: { ...EVENT_FORMATS.csv, ending: 'parquet' } },
  sessions: csvAndParquet('OrganizationId,ClipId,SessionId,StartedAt,Segments', sessionRow),
  intervals: csvAndParquet(
    'OrganizationId,ClipId,SessionId,StartedAt,EndedAt,StartPosition,EndPosition',
    intervalRows,
  ),
};
/** Of Parquet files; other files are gzipped, or not. */
const PARQUET_COMPRESSIONS = ['zstd', 'snappy', 'uncompressed'];

function csvAndParquet(head, lines) {
  return { csv: { ending: 'csv', head, lines }, parquet: { ending: 'parquet', head, lines } };
}

/** Listenings with the day on which each is first exported, its shape, and the events that are made of it: all, and those of its first night. */
export async function playsOf({ folder, random }, { nights, plays, lateDays }) {
  const path = join(folder, 'simulated.ndjson');
  const words = [
    '--seed',
    '1',
    '--sessions',
    String(plays),
    '--start',
    String(BEGIN),
    '--period',
    `${nights}d`,
  ];
  oneOf('simulate', (await run(['simulate', '-q', ...words, '-o', path])).code, [0]);
  const all = [];
  for await (const [id, events] of sessionsIn(path)) all.push(listening(id, events));
  rmSync(path);
  for (const one of all) draw(one, { random, nights, lateDays });
  for (const shape of Object.keys(SHAPES)) {
    const its = all.filter((one) => one.shape === shape);
    await readBack(folder, shape, its, 'full');
    await readBack(
      folder,
      shape,
      its.filter(({ first }) => first !== null),
      'first',
    );
  }
  return all;
}

function listening(id, events) {
  const [{ OrganizationId, ClipId }] = events;
  const numbers = (name) => Float64Array.from(events, (event) => event[name]);
  const paired = events.every(
    ({ Type, Position }, i) =>
      Type === (i % 2 === 0 ? 'Start' : 'Stop') && (i % 2 === 0 || Position > events[i - 1].Position),
  );
  return {
    id,
    organization: OrganizationId,
    clip: ClipId,
    count: events.length,
    starts: events.map(({ Type }) => Type === 'Start'),
    positions: numbers('Position'),
    times: numbers('Timestamp'),
    paired: paired && events.length % 2 === 0,
    shape: 'events',
    day: 0,
    late: 0,
    full: null,
    first: null,
    firstCount: 0,
  };
}

/** Draws what becomes of a listening: its shape, whether it comes late, and whether it goes on over midnight. */
function draw(one, { random, nights, lateDays }) {
  if (one.paired) one.shape = Object.keys(SHAPES)[Math.floor(random() * 3)];
  one.day = Math.min(nights - 1, Math.floor((one.times[0] - BEGIN) / DAY));
  const midnight = BEGIN + (one.day + 1) * DAY;
  const grows = one.paired && one.count >= 4 && one.day < nights - 1 && random() < 0.05;
  if (grows) {
    one.firstCount = one.count - 2;
    one.first = { last: 0, hash: '' };
  } else if (one.day + lateDays < nights && random() < 0.03) one.late = lateDays;
  // It ends before midnight; of one that grows, what is exported first does.
  const end = one.times[(grows ? one.firstCount : one.count) - 1];
  const move = grows ? midnight - 60 - Math.floor(random() * 3000) - end : Math.min(0, midnight - 60 - end);
  for (let i = 0; i < one.count; i += 1) one.times[i] += move;
}

export function isExported({ day, late }, night) {
  const first = day + late;
  return night >= first && night < first + DAYS;
}

export function versionOf({ day, first, full }, night) {
  return first !== null && night === day ? first : full;
}

/** Has the program read what is exported of plays: what it makes of a row is what is to be delivered. */
async function readBack(folder, shape, its, version) {
  const byId = new Map(its.map((one) => [one.id, one]));
  const format = SHAPES[shape].ndjson ?? SHAPES[shape].csv;
  const [rows, events] = [join(folder, `rows.${format.ending}`), join(folder, `${shape}-${version}.ndjson`)];
  writeLines(rows, format, its, (one) => (version === 'first' ? one.firstCount : one.count));
  oneOf('convert', its.length === 0 ? 0 : (await run(['convert', '-q', '-o', events, rows])).code, [0]);
  if (its.length === 0) writeFileSync(events, '');
  for await (const [id, its] of sessionsIn(events))
    byId.get(id)[version] = { last: Math.max(...its.map(({ Timestamp }) => Timestamp)), hash: hashOf(its) };
  rmSync(rows);
}

/** The sessions of a file in which the events of each stand together. */
export async function* sessionsIn(path) {
  let events = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const event = JSON.parse(line);
    if (events.length > 0 && events[0].SessionId !== event.SessionId) {
      yield [events[0].SessionId.toLowerCase(), events];
      events = [];
    }
    events.push(event);
  }
  if (events.length > 0) yield [events[0].SessionId.toLowerCase(), events];
}

/**
 * The files of a night: one for each shape, in a format and compression that the night draws, its rows shuffled. Given as what `send` takes
 * at once, with the shapes in it: all files, or a query of a Parquet file.
 */
export async function writeExports({ folder, night, random }, exported) {
  mkdirSync(join(folder, 'exports'), { recursive: true });
  const files = { inputs: [], shapes: [] };
  const queries = [];
  for (const [shape, formats] of Object.entries(SHAPES)) {
    const its = exported.filter((one) => one.shape === shape);
    if (its.length === 0) continue;
    const format = Object.values(formats)[Math.floor(random() * Object.keys(formats).length)];
    const name = join(folder, 'exports', `${night}-${shape}`);
    const countOf = (one) => (one.first !== null && night === one.day ? one.firstCount : one.count);
    if (format.ending === 'parquet') {
      writeLines(`${name}.csv`, format, its, countOf, { random });
      await toParquet(name, PARQUET_COMPRESSIONS[Math.floor(random() * PARQUET_COMPRESSIONS.length)]);
      queries.push({ inputs: ['--query', `select * from '${name}.parquet'`], shapes: [shape] });
    } else {
      const gzip = random() < 0.5;
      const path = `${name}.${format.ending}${gzip ? '.gz' : ''}`;
      writeLines(path, format, its, countOf, { random, gzip });
      files.inputs.push(path);
      files.shapes.push(shape);
    }
  }
  return [...(files.inputs.length === 0 ? [] : [files]), ...queries];
}

async function toParquet(name, compression) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * FROM read_csv('${name}.csv')) TO '${name}.parquet' (COMPRESSION ${compression})`,
  );
  connection.closeSync();
  instance.closeSync();
  rmSync(`${name}.csv`);
}

function writeLines(path, { head, lines, line = String }, its, countOf, { random, gzip = false } = {}) {
  const all = its.flatMap((one) => lines(one, countOf(one)).map(line));
  if (random) shuffle(all, random);
  const text = `${[...(head === undefined ? [] : [head]), ...all].join('\n')}\n`;
  writeFileSync(path, gzip ? gzipSync(text, { level: 1 }) : text);
}

function shuffle(all, random) {
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
}

function eventsOf({ id, organization, clip, starts, positions, times }, count) {
  return starts.slice(0, count).map((start, i) => ({
    OrganizationId: organization,
    ClipId: clip,
    SessionId: id,
    Type: start ? 'Start' : 'Stop',
    Position: positions[i],
    SeqNumber: i + 1,
    Timestamp: times[i],
  }));
}

function sessionRow({ id, organization, clip, positions, times }, count) {
  const segments = [];
  for (let i = 0; i < count; i += 2) segments.push(`${positions[i]}-${positions[i + 1]}`);
  return [`${organization},${clip},${id},${times[0]},${segments.join(';')}`];
}

function intervalRows({ id, organization, clip, positions, times }, count) {
  const rows = [];
  for (let i = 0; i < count; i += 2)
    rows.push(
      `${organization},${clip},${id},${times[i]},${times[i + 1]},${positions[i]},${positions[i + 1]}`,
    );
  return rows;
}

export function hashOf(events) {
  const hash = createHash('sha1');
  for (const event of events.toSorted((a, b) => a.SeqNumber - b.SeqNumber))
    hash.update(
      `${event.OrganizationId} ${event.ClipId} ${event.Type} ${event.Position} ${event.SeqNumber} ${event.Timestamp}\n`,
    );
  return hash.digest('base64');
}
/** @param killAt Requests after which it is killed. @param blocks No file may grow beyond so many blocks of 512 bytes. */
export function run(words, { cwd, killAt, blocks, world } = {}) {
  const limited = blocks === undefined ? [] : ['sh', '-c', `ulimit -f ${blocks}; exec "$@"`, 'sh'];
  const [program, ...args] = [...limited, process.execPath, BIN, ...words];
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const told = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => {
      told[name] += text;
    });
  if (killAt !== undefined) {
    const from = world.requests;
    world.onRequest = () => {
      if (world.requests - from > killAt) child.kill('SIGKILL');
    };
  }
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      if (world) world.onRequest = () => {};
      done({ code, ...told });
    });
  });
}
export function oneOf(what, code, codes) {
  if (!codes.includes(code))
    throw new Error(`${what}: expected exit code ${codes.join(' or ')}, received ${code}`);
}
