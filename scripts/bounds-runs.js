// Gives the built program what much would have to be remembered of (`bounds-inputs.js`), and lets clients at its mock that make it hold much.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, PRELOAD, runHostile } from './hostile-inputs.js';

/** Gives the built program so many of an input, and tells what it did and the most memory that it took. */
export async function runBound({ command, input }, count) {
  const folder = mkdtempSync(join(tmpdir(), 'omny-consume-bounds-'));
  const server = createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.setHeader('content-type', 'application/json').end('{"Enabled":true}'));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const places = {
    endpoint: () => `http://127.0.0.1:${server.address().port}`,
    folder: () => folder,
    input: () => fileOf(join(folder, 'input.ndjson'), input(count)),
    script: () => fileOf(join(folder, 'play.txt'), ['play 30s; pause 5m; seek 300; play 60s\n']),
  };
  try {
    const words = command.map((word) => word.replace(/\{(\w+)\}/, (_, name) => places[name]()));
    return await runHostile({ format: 'ndjson', chunks: input(count) }, words);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  }
}

function fileOf(path, chunks) {
  const file = openSync(path, 'w');
  for (const chunk of chunks) writeSync(file, chunk);
  closeSync(file);
  return path;
}

const MIB = 2 ** 20;
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const SESSIONS_IN_BODY = 100;
/** More than what the system and the mock hold for a page that does not read. */
const MESSAGES = 200;

/** Each: what so many clients do, and the most MiB that the mock may take for it with `many` of them. */
export const MOCK_BOUNDS = {
  'mock: bodies that are never finished': { many: 160, flood: unfinishedBodies, mib: 700 },
  'mock: pages that read nothing': { many: 600, flood: unreadPages, mib: 600 },
};

/** Bodies of 10 MiB, each but its last byte: all are answered 503 once they are too many, or wait. */
async function unfinishedBodies(url, count) {
  const body = Buffer.alloc(10 * MIB - 1, ' ');
  const head = `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: ${body.length + 1}\r\n\r\n`;
  return Promise.all(
    Array.from({ length: count }, () => written(open(url), Buffer.concat([Buffer.from(head), body]))),
  );
}

/** Pages that ask for the events and read none, while requests arrive that they would be told of. */
async function unreadPages(url, count) {
  const ask = Buffer.from(`GET /_mock/events HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
  const pages = await Promise.all(Array.from({ length: count }, () => written(open(url), ask)));
  for (let request = 0; request < MESSAGES; request += 1) await post(url, request);
  return pages;
}

/** Without a listener for its data a socket reads nothing. */
function open({ hostname, port }) {
  return connect(Number(port), hostname).on('error', () => {});
}

/** Writes until all is taken, or the other side has ended. */
function written(socket, bytes) {
  return new Promise((done) => {
    socket.once('close', () => done(socket));
    socket.write(bytes, () => done(socket));
  });
}

/** A request of many sessions, each with something to find in it. */
async function post(url, request) {
  const Events = Array.from({ length: SESSIONS_IN_BODY }, (_, i) => ({
    OrganizationId: ORGANIZATION,
    ClipId: '9b5c82f7-74cf-4841-a870-a670017cc8eb',
    SessionId: `0d6b3a52-1f0e-4a55-9c1e-${(request * SESSIONS_IN_BODY + i).toString(16).padStart(12, '0')}`,
    Type: 'Start',
    Position: i,
    SeqNumber: 2,
    Timestamp: 1_540_270_724 + i,
  }));
  const body = JSON.stringify({ Source: 'CustomWeb', Events, Completed: true });
  const headers = { 'content-type': 'application/json' };
  await (await fetch(`${url}?organizationId=${ORGANIZATION}`, { method: 'POST', headers, body })).text();
}

/** Lets so many clients at the built mock, and tells whether it still answers, its exit code and the most memory that it took. */
export async function runMockBound({ flood }, count) {
  const child = spawn(process.execPath, ['--import', PRELOAD, BIN, 'mock', '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const texts = { stderr: '', told: '' };
  child.stdio[3].setEncoding('utf8').on('data', (text) => {
    texts.told += text;
  });
  const ended = new Promise((done) => child.on('close', done));
  const url = await new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      texts.stderr = (texts.stderr + text).slice(-10_000);
      const [, found] = /endpoint {2}(\S+)[\s\S]*Ctrl-C/.exec(texts.stderr) ?? [];
      if (found) resolve(new URL(found));
    });
    void ended.then(() => reject(new Error(texts.stderr)));
  });
  let answers = false;
  try {
    const sockets = await flood(url, count);
    answers = (await fetch(new URL('/_mock/summary', url))).ok;
    for (const socket of sockets) socket.destroy();
  } finally {
    child.kill('SIGINT');
  }
  const code = await ended;
  const [kib, microseconds] = texts.told.split(' ').map(Number);
  return { answers, code, stderr: texts.stderr, mib: kib / 1024, seconds: microseconds / 1e6 };
}
