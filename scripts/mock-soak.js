// Soaks the mock, by hand: node scripts/mock-soak.js [--seconds 60] [--rate 200] [--sessions 50] [--connections 11000] [--readers 0]
// First so many requests a second of so many new sessions each, while so many pages have asked for the events and read none of them;
// then more connections than it takes, held open.
// Prints the mock's memory as it goes, and whether it answers, while and after.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '200' },
    sessions: { type: 'string', default: '50' },
    connections: { type: 'string', default: '11000' },
    readers: { type: 'string', default: '0' },
  },
});
const [seconds, rate, sessions, connections, readers] = [
  'seconds',
  'rate',
  'sessions',
  'connections',
  'readers',
].map((name) => Number(values[name]));
const organization = randomUUID();
const clips = Array.from({ length: 20 }, () => randomUUID());
const dispatcher = new Agent({ connections: 32, pipelining: 1 });

const child = spawn(process.execPath, [join(root, 'bin', 'omny-consume.js'), 'mock', '--port', '0'], {
  stdio: ['ignore', 'ignore', 'pipe'],
});
const url = await new Promise((resolve, reject) => {
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    if (text.length < 1000) text += chunk;
    const [, found] = /endpoint {2}(\S+)[\s\S]*Ctrl-C/.exec(text) ?? [];
    if (found) resolve(found);
  });
  child.once('exit', () => reject(new Error(text)));
});

try {
  console.log(`node ${process.version}; at rest: ${memory()} MiB`);
  const unread = await askForEvents();
  const open = openFiles();
  await soak();
  console.log(`with ${readers} pages that read nothing: ${open} files open before, ${openFiles()} after`);
  for (const socket of unread) socket.destroy();
  await flood();
} finally {
  child.kill('SIGINT');
  await dispatcher.destroy();
}

async function askForEvents() {
  const { hostname, port } = new URL(url);
  const asked = Array.from({ length: readers }, () => {
    // Without a listener for its data a socket reads nothing.
    const socket = connect(Number(port), hostname).on('error', () => {});
    const text = 'GET /_mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n';
    return new Promise((resolve) => socket.write(text, () => resolve(socket)));
  });
  const sockets = await Promise.all(asked);
  // Answered behind all of them.
  await (await fetch(new URL('/_mock/summary', url))).text();
  return sockets;
}

async function soak() {
  const began = performance.now();
  const busy = cpuSeconds();
  const late = [];
  let sent = 0;
  let failed = 0;
  const waiting = new Set();
  for (let second = 1; second <= seconds; second += 1) {
    while (sent < rate * second) {
      const due = began + (sent * 1000) / rate;
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      sent += 1;
      const start = performance.now();
      const one = post(body(sessions)).then((ok) => {
        late.push(performance.now() - start);
        if (!ok) failed += 1;
        waiting.delete(one);
        if (late.length % Math.round((rate * seconds) / 12) !== 0) return;
        console.log(
          `${((performance.now() - began) / 1000).toFixed(0)} s: ${late.length} requests, ${memory()} MiB`,
        );
      });
      waiting.add(one);
      if (waiting.size > 2000) await Promise.race(waiting);
    }
  }
  await Promise.all(waiting);
  const took = (performance.now() - began) / 1000;
  late.sort((a, b) => a - b);
  const at = (share) => late[Math.floor((late.length - 1) * share)].toFixed(1);
  const { summary } = await (await fetch(`${new URL(url).origin}/_mock/summary`)).json();
  console.log(
    `${sent} requests of ${sessions} sessions in ${took.toFixed(1)} s (${(sent / took).toFixed(0)}/s), ${failed} failed; answered in ${at(0.5)} ms (median), ${at(0.99)} ms (99 %)`,
  );
  console.log(
    `the mock took ${(((cpuSeconds() - busy) * 1000) / sent).toFixed(1)} ms of a processor a request`,
  );
  console.log(
    `the mock counts ${summary.requests} requests, ${summary.sessions} sessions, ${summary.errors + summary.warnings} findings; ${memory()} MiB`,
  );
}

async function flood() {
  const sockets = [];
  let opened = 0;
  for (let i = 0; i < connections; i += 1) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    sockets.push(socket);
    if (i % 200 !== 199) continue;
    await new Promise((resolve) => {
      socket.once('connect', resolve).once('close', resolve);
    });
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  opened = sockets.filter((socket) => !socket.closed && !socket.connecting).length;
  const start = performance.now();
  const during = await post(body(1));
  console.log(
    `${connections} connections opened, ${opened} still held: ${during ? 'answers' : 'does not answer'} in ${(performance.now() - start).toFixed(0)} ms, ${memory()} MiB`,
  );
  for (const socket of sockets) socket.destroy();
  console.log(`afterwards: ${(await post(body(1))) ? 'answers' : 'does not answer'}, ${memory()} MiB`);
}

async function post(text) {
  try {
    const answer = await request(`${url}?organizationId=${organization}`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    return (await answer.body.text()) === '{"Enabled":true}';
  } catch {
    return false;
  }
}

function body(count) {
  const now = Math.floor(Date.now() / 1000);
  const events = [];
  for (let i = 0; i < count; i += 1) {
    const ids = { OrganizationId: organization, ClipId: clips[i % clips.length], SessionId: randomUUID() };
    const played = Math.round(Math.random() * 1_800_000) / 1000;
    const start = now - 2000 - Math.floor(Math.random() * 3600);
    const end = start + Math.ceil(played);
    events.push({ ...ids, Type: 'Start', Position: 0, SeqNumber: 1, Timestamp: start });
    events.push({ ...ids, Type: 'Stop', Position: played, SeqNumber: 2, Timestamp: end });
  }
  return JSON.stringify({ Source: 'CustomWeb', Events: events, Completed: true });
}

/** What the mock has had of processors so far; Linux counts a hundred a second. */
function cpuSeconds() {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** How many files the mock has open, its connections among them. */
function openFiles() {
  return readdirSync(`/proc/${child.pid}/fd`).length;
}

/** Resident, in MiB. */
function memory() {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
}
