// Inputs of which much would have to be remembered: many clips, many organizations, one session that is very large. test/hostile/bounds.test.ts
// gives them to the program in a small size, scripts/bounds.js with a million events, clips or sessions.
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
const TOGETHER = 1000;

/** An event as a line. */
function line(session, seqNumber, type, position, { clip = CLIP, timestamp = seqNumber } = {}) {
  const id = `0d6b3a52-1f0e-4a55-9c1e-${hex(session)}`;
  return `{"OrganizationId":"${ORGANIZATION}","ClipId":"${clip}","SessionId":"${id}","Type":"${type}","Position":${position},"SeqNumber":${seqNumber},"Timestamp":${1540270724 + timestamp}}\n`;
}

const hex = (number) => number.toString(16).padStart(12, '0');

function* repeated(count, text) {
  for (let from = 0; from < count; from += TOGETHER) {
    const some = Array.from({ length: Math.min(TOGETHER, count - from) }, (_, i) => text(from + i));
    yield Buffer.from(some.join(''));
  }
}

const typeOf = (i, [start, stop]) => (i % 2 === 0 ? start : stop);
const TYPES = ['Start', 'Stop'];

/** One session of so many events. */
const valid = (count) => repeated(count, (i) => line(1, i + 1, typeOf(i, TYPES), Math.ceil(i / 2)));
/** The same, of which none is valid, and nothing can be mended. */
const broken = (count) => repeated(count, (i) => line(1, i + 1, typeOf(i, TYPES), `"${i}"`));
/** The same, of which each can be mended. */
const mendable = (count) =>
  repeated(count, (i) => line(1, i + 1, typeOf(i, ['start', 'stop']), Math.ceil(i / 2)));
/** A session for each of so many clips. */
const clips = (count) =>
  repeated(count, (i) => {
    const clip = `9b5c82f7-74cf-4841-a870-${hex(i)}`;
    const seconds = 20 + (i % 600);
    return (
      line(i, 1, 'Start', 0, { clip, timestamp: 0 }) +
      line(i, 2, 'Stop', seconds, { clip, timestamp: seconds })
    );
  });

const SEND = ['send', '-q', '--endpoint', 'mock', '--no-ledger', '--dead-letter', '/dev/null'];

/**
 * Each: the command, what it is given, the exit code, the most MiB that it may take for a million, and how many times as much memory six times
 * as much may take. What a session takes that is held whole, some 200 bytes an event, is in it; a request body is held about three times.
 */
export const BOUNDS = {
  'report of many clips': {
    command: ['report', '--format', 'csv'],
    input: clips,
    code: 0,
    mib: 500,
    growth: 2.5,
  },
  'validate of a valid session': { command: ['validate'], input: valid, code: 0, mib: 600, growth: 3 },
  'validate of a broken session': { command: ['validate'], input: broken, code: 1, mib: 600, growth: 3 },
  'report of a broken session': { command: ['report'], input: broken, code: 0, mib: 600, growth: 3 },
  'convert of a broken session': { command: ['convert'], input: broken, code: 0, mib: 600, growth: 3 },
  'convert --fix of a broken session': {
    command: ['convert', '--fix'],
    input: broken,
    code: 0,
    mib: 700,
    growth: 3,
  },
  'convert --fix of a mendable session': {
    command: ['convert', '--fix'],
    input: mendable,
    code: 0,
    mib: 700,
    growth: 3,
  },
  'send of a valid session': { command: SEND, input: valid, code: 0, mib: 1500, growth: 5 },
  'send --skip-invalid of a broken session': {
    command: [...SEND, '--skip-invalid'],
    input: broken,
    code: 0,
    mib: 1000,
    growth: 4,
  },
};
