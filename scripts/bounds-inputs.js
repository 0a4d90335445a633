// Inputs of which much would have to be remembered: many clips, one session that is very large, SessionIds that were chosen. test/hostile/bounds.test.ts
// gives them to the program in a small size, scripts/bounds.js with a million events, clips or sessions (`bounds-runs.js` says how).
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
const SESSION = '0d6b3a52-1f0e-4a55-9c1e-000000000001';
const SESSIONS_PER_PIECE = 1000;

/** An event as a line. */
function line(id, seqNumber, type, position, { clip = CLIP, timestamp = seqNumber } = {}) {
  return `{"OrganizationId":"${ORGANIZATION}","ClipId":"${clip}","SessionId":"${id}","Type":"${type}","Position":${position},"SeqNumber":${seqNumber},"Timestamp":${1540270724 + timestamp}}\n`;
}

const hex = (number) => number.toString(16).padStart(12, '0');

function* repeated(count, text) {
  for (let from = 0; from < count; from += SESSIONS_PER_PIECE) {
    const some = Array.from({ length: Math.min(SESSIONS_PER_PIECE, count - from) }, (_, i) => text(from + i));
    yield Buffer.from(some.join(''));
  }
}

const typeOf = (i, [start, stop]) => (i % 2 === 0 ? start : stop);
const TYPES = ['Start', 'Stop'];
/** A second is played, then the next, through an hour over and over. */
const positionOf = (i) => (Math.floor(i / 2) % 3600) + (i % 2);

/** One session of so many events. */
const valid = (count) => repeated(count, (i) => line(SESSION, i + 1, typeOf(i, TYPES), positionOf(i)));
/** The same, of which none is valid, and nothing can be fixed. */
const broken = (count) => repeated(count, (i) => line(SESSION, i + 1, typeOf(i, TYPES), `"${i}"`));
/** The same, of which each can be fixed. */
const mendable = (count) =>
  repeated(count, (i) => line(SESSION, i + 1, typeOf(i, ['start', 'stop']), positionOf(i)));
/** A session for each of so many clips. */
const clips = (count) =>
  repeated(count, (i) => {
    const clip = `9b5c82f7-74cf-4841-a870-${hex(i)}`;
    const seconds = 20 + (i % 600);
    return played(`0d6b3a52-1f0e-4a55-9c1e-${hex(i)}`, clip, seconds);
  });
/** Sessions whose ids have one hash, if it had no seed. */
const flood = (count) => repeated(count, (i) => played(sessionIdOfHash(i, 0xdead_beef), CLIP, 20));

function played(session, clip, seconds) {
  const start = line(session, 1, 'Start', 0, { clip, timestamp: 0 });
  return start + line(session, 2, 'Stop', seconds, { clip, timestamp: seconds });
}

/** A SessionId of which `hashGuid` makes this hash without a seed, another one for each `i`. */
export function sessionIdOfHash(i, hash) {
  const words = [0x0d6b3a52, 0x1f0e4a55, i];
  const before = words.reduce((state, word) => mixed(state ^ word), 0x9e3779b9);
  words.push(before ^ unmixed(hash));
  const digits = words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const FACTORS = [0x85ebca6b, 0xc2b2ae35];

function mixed(word) {
  const half = Math.imul(word, FACTORS[0]);
  const whole = Math.imul(half ^ (half >>> 15), FACTORS[1]);
  return whole ^ (whole >>> 13);
}

function unmixed(word) {
  const whole = word ^ (word >>> 13) ^ (word >>> 26);
  const half = Math.imul(whole, inverse(FACTORS[1]));
  return Math.imul(half ^ (half >>> 15) ^ (half >>> 30), inverse(FACTORS[0]));
}

/** What an odd factor is undone with, in 32 bits. */
function inverse(factor) {
  let found = factor;
  for (let bits = 3; bits < 32; bits *= 2) found = Math.imul(found, 2 - Math.imul(factor, found));
  return found;
}

const SEND = [
  'send',
  '-q',
  '--endpoint',
  '{endpoint}',
  '--ledger',
  '{folder}/a.ledger',
  '--dead-letter',
  '/dev/null',
];
const HELD = { mib: 500, growth: 2.5 };

/**
 * Each: the command, what it is given, the exit code, the most MiB that it may take for a million, and how many times as much memory six times
 * as much may take. What a session takes that is held whole, some 150 bytes an event, is in it; a request body is held about three times.
 * `{endpoint}` is a server that takes everything, `{folder}` a temporary folder, `{input}` the same input as a file.
 */
export const BOUNDS = {
  'report of many clips': {
    command: ['report', '--format', 'csv'],
    input: clips,
    code: 0,
    mib: 500,
    growth: 3,
  },
  'report --compare of many clips': {
    command: ['report', '--format', 'json', '--compare', '{input}'],
    input: clips,
    code: 0,
    mib: 500,
    growth: 3,
  },
  'validate of a valid session': { command: ['validate'], input: valid, code: 0, ...HELD },
  'validate of a broken session': { command: ['validate'], input: broken, code: 1, ...HELD },
  'validate of chosen SessionIds': { command: ['validate'], input: flood, code: 0, mib: 300, growth: 2 },
  'convert of a valid session': { command: ['convert'], input: valid, code: 0, ...HELD },
  'convert of a broken session': { command: ['convert'], input: broken, code: 0, ...HELD },
  'convert --fix of a broken session': { command: ['convert', '--fix'], input: broken, code: 0, ...HELD },
  'convert --fix of a mendable session': { command: ['convert', '--fix'], input: mendable, code: 0, ...HELD },
  'report of a valid session': { command: ['report'], input: valid, code: 0, ...HELD },
  'report of a broken session': { command: ['report'], input: broken, code: 0, ...HELD },
  'report --session of a valid session': {
    command: ['report', '--session', SESSION],
    input: valid,
    code: 0,
    ...HELD,
  },
  'expect of a valid session': {
    command: ['expect', '--script', '{script}'],
    input: valid,
    code: 2,
    ...HELD,
  },
  'expect of many sessions': { command: ['expect', '--script', '{script}'], input: clips, code: 2, ...HELD },
  'send of a valid session': { command: SEND, input: valid, code: 0, mib: 500, growth: 2.5 },
  'send --skip-invalid of a broken session': {
    command: [...SEND, '--skip-invalid'],
    input: broken,
    code: 0,
    mib: 400,
    growth: 2.5,
  },
};
