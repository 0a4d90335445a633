// Inputs made to hurt, as streams, of any size and never held whole. test/hostile/memory.test.ts gives them to the program in a small
// size, scripts/hostile.js in the size that is asked for.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip, gzipSync } from 'node:zlib';

const CHUNK = 64 * 1024;
const IDS =
  '"OrganizationId":"126281f8-200e-4c9f-8378-a4870055423b","ClipId":"9b5c82f7-74cf-4841-a870-a670017cc8eb"';
const HEADER = 'OrganizationId,ClipId,SessionId,Type,Position,SeqNumber,Timestamp\n';
const EVENT_BYTES = 230;
/** How many times as much memory six times as much may take. What garbage collection leaves to chance is in it. */
const STREAMED = 2;
const SPILLED = 3.5;
const HELD = 6;

/**
 * Each takes the bytes it may have, and gives its format, its chunks, the most MiB that the program may take for it, whatever its
 * size (the program itself takes 60 to 100, depending on Node's version; a HAR and a JSON value are held whole up to 256), and how many
 * times as much memory six times as much of it may take.
 */
export const HOSTILE = {
  'a quote that is never closed': (bytes) => ({
    format: 'csv',
    chunks: framed(`${HEADER}"`, 'a,b\n', bytes),
    mib: 400,
    growth: STREAMED,
  }),
  'a line that never ends': (bytes) => ({
    format: 'ndjson',
    chunks: framed('{"a":"', 'x', bytes),
    mib: 200,
    growth: STREAMED,
  }),
  'a string that never ends': (bytes) => ({
    format: 'json',
    chunks: framed('{"a":"', 'x', bytes),
    mib: 800,
    growth: HELD,
  }),
  'a HAR that never ends': (bytes) => ({
    format: 'har',
    chunks: framed('{"log":{"entries":[', '{"request":{}},', bytes),
    mib: 1300,
    growth: HELD,
  }),
  'blanks and nothing else': (bytes) => ({
    format: 'json',
    chunks: framed('', ' ', bytes),
    mib: 200,
    growth: STREAMED,
  }),
  'brackets and nothing else': (bytes) => ({
    format: 'json',
    chunks: framed('', '[', bytes),
    mib: 200,
    growth: STREAMED,
  }),
  'an array of nothing, a value a line': (bytes) => ({
    format: 'ndjson',
    chunks: framed('', `[${'{},'.repeat(400_000)}{}]\n`, bytes),
    mib: 400,
    growth: STREAMED,
  }),
  'a request of empty events': (bytes) => ({
    format: 'json',
    chunks: framed('{"Events":[', '{},', Math.min(bytes, 200 * 2 ** 20)),
    mib: 900,
    growth: HELD,
  }),
  'a request with a million properties': () => ({
    format: 'ndjson',
    chunks: [Buffer.from(`{${Array.from({ length: 1e6 }, (_, i) => `"k${i}":1`).join(',')}}\n`)],
    mib: 400,
    growth: STREAMED,
  }),
  'a header with a million columns': () => ({
    format: 'csv',
    chunks: [Buffer.from(`${Array.from({ length: 1e6 }, (_, i) => `h${i}`).join(',')}\n`)],
    mib: 450,
    growth: STREAMED,
  }),
  'a session of a million segments': () => ({
    format: 'csv',
    chunks: [
      Buffer.from(
        `OrganizationId,ClipId,StartedAt,Segments\n126281f8-200e-4c9f-8378-a4870055423b,9b5c82f7-74cf-4841-a870-a670017cc8eb,1540270724,${'0-1;'.repeat(1e6)}0-1\n`,
      ),
    ],
    mib: 250,
    growth: STREAMED,
  }),
  'a gzip bomb': (bytes) => ({
    format: 'ndjson',
    chunks: Readable.from(framed('', ' ', bytes)).pipe(createGzip({ level: 9 })),
    mib: 200,
    growth: STREAMED,
  }),
  'gzip of many members': (bytes) => ({
    format: 'ndjson',
    chunks: repeated(gzipSync(`{"x":"${'0123456789abcdef'.repeat(4096)}"}\n`), bytes / 200),
    mib: 300,
    growth: STREAMED,
  }),
  'one session, backwards': (bytes) => ({
    format: 'ndjson',
    chunks: events(Math.min(bytes / EVENT_BYTES, 1e6), (i, count) => [1, count - i]),
    mib: 1100,
    growth: HELD,
  }),
  'as many sessions as events': (bytes) => ({
    format: 'ndjson',
    chunks: events(bytes / EVENT_BYTES, (i) => [i, 1]),
    mib: 450,
    growth: SPILLED,
  }),
};

/** A text over and over, until there are so many bytes. */
function* repeated(text, bytes) {
  const chunk = Buffer.concat(Array(Math.max(1, Math.ceil(CHUNK / text.length))).fill(Buffer.from(text)));
  for (let given = 0; given < bytes; given += chunk.length) yield chunk;
}

function* framed(begin, text, bytes) {
  yield Buffer.from(begin);
  yield* repeated(text, bytes);
}

/** So many events; `of` gives an event's session and its SeqNumber. */
function* events(count, of) {
  const all = Math.ceil(count);
  for (let from = 0; from < all; from += 1000) {
    const step = Array.from({ length: Math.min(1000, all - from) }, (_, i) => event(...of(from + i, all)));
    yield Buffer.from(step.join(''));
  }
}

function event(session, seqNumber) {
  const id = `0d6b3a52-1f0e-4a55-9c1e-${session.toString(16).padStart(12, '0')}`;
  const type = seqNumber % 2 === 1 ? 'Start' : 'Stop';
  return `{${IDS},"SessionId":"${id}","Type":"${type}","Position":${seqNumber},"SeqNumber":${seqNumber},"Timestamp":${1540270724 + seqNumber}}\n`;
}

export const BIN = join(dirname(fileURLToPath(import.meta.url)), '..', 'bin', 'omny-consume.js');
// Linux counts into maxRSS what the parent had when it started the process; VmHWM is the process's own.
const TELLING = `import { readFileSync, writeSync } from 'node:fs';
process.on('exit', () => {
  const { maxRSS, userCPUTime } = process.resourceUsage();
  let kib = maxRSS;
  try { kib = /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]; } catch {}
  writeSync(3, kib + ' ' + userCPUTime);
});`;

/** Makes a process tell, when it ends, the most memory and the processor time that it took, on descriptor 3. */
export const PRELOAD = `data:text/javascript,${encodeURIComponent(TELLING)}`;

/** Of what the program says, the end is kept. */
const MAX_KEPT = 1_000_000;

/** Gives an input to the built program, and tells what it did and the most memory it took. */
export function runHostile({ format, chunks }, command = ['validate']) {
  const child = spawn(
    process.execPath,
    ['--import', PRELOAD, BIN, ...command, '--input-format', format, '-'],
    {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    },
  );
  const texts = ['', '', ''];
  for (const [i, stream] of [child.stdout, child.stderr, child.stdio[3]].entries()) {
    stream.setEncoding('utf8').on('data', (text) => {
      texts[i] = (texts[i] + text).slice(-MAX_KEPT);
    });
  }
  // It may end before it has read all.
  void pipeline(Readable.from(chunks), child.stdin).catch(() => {});
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      const [kib, microseconds] = texts[2].split(' ').map(Number);
      done({ code, stdout: texts[0], stderr: texts[1], mib: kib / 1024, seconds: microseconds / 1e6 });
    });
  });
}
