// Records fixtures/har/*.har: a small player, in a real Chromium, that sends to an endpoint on this machine. Run it where Debian's
// `chromium` is installed (CHROMIUM names another one); the recordings are then scrubbed of what differs from run to run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'har');
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What each recording shows: how the page sends, and what the endpoint answers. */
const RECORDINGS = {
  'string-beacon': { sends: ['string-beacon'] },
  // Chromium tells of a Blob beacon, but not what it held.
  'blob-beacon': { sends: ['blob-beacon'] },
  'blob-beacon-and-fetch': { sends: ['blob-beacon', 'fetch'] },
  // It tells nothing of a beacon that leaves with its page.
  'beacon-on-unload': { sends: ['blob-beacon'], leave: true },
  'fetch-keepalive': { sends: ['fetch', 'fetch'] },
  'failed-and-retried': { sends: ['fetch', 'fetch'], failed: 1 },
  'going-on-after-disabled': { sends: ['fetch', 'fetch', 'fetch'], disabledFrom: 2, apart: 1200 },
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: FLAGS,
});
try {
  for (const [name, recording] of Object.entries(RECORDINGS)) await record(name, recording);
} finally {
  await browser.close();
}

async function record(name, { sends, leave = false, failed = 0, disabledFrom = Infinity, apart = 300 }) {
  const folder = mkdtempSync(join(tmpdir(), 'record-har-'));
  let asked = 0;
  const endpoint = await listen((request, response) => {
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-allow-headers', 'content-type');
    request.resume().on('end', () => {
      // On a connection that was used before, Chromium tries again by itself.
      if (request.method === 'OPTIONS') return response.writeHead(204, { connection: 'close' }).end();
      asked += 1;
      if (asked <= failed) return request.socket.destroy();
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ Enabled: asked < disabledFrom }));
    });
  });
  const site = await listen((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.setHeader('set-cookie', 'visitor=not-to-be-copied');
    response.end('<!doctype html><title>Player</title><link rel="icon" href="data:,">');
  });
  const path = join(folder, 'recorded.har');
  const context = await browser.newContext({ recordHar: { path, mode: 'full', content: 'embed' } });
  try {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${site.port}/`);
    const url = `http://127.0.0.1:${endpoint.port}/api/consumption/events?organizationId=${ORGANIZATION}`;
    for (const [i, send] of sends.entries()) {
      const session = Math.max(0, i - failed);
      const before = asked;
      await page.evaluate(play, { url, send, session, leave, organization: ORGANIZATION });
      if (leave) await page.goto(`http://127.0.0.1:${site.port}/elsewhere`);
      while (asked === before) await page.waitForTimeout(20);
      await page.waitForTimeout(apart);
    }
    await context.close();
    const ports = new Map([
      [site.port, 8080],
      [endpoint.port, 8787],
    ]);
    writeFileSync(join(FOLDER, `${name}.har`), scrubbed(JSON.parse(readFileSync(path, 'utf8')), ports));
    console.log(`${name}.har: ${asked} requests`);
  } finally {
    site.close();
    endpoint.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The player, in the page: one session, sent as `send` says, now or when the page is left. */
function play({ url, send, session, leave, organization }) {
  const at = 1733047200 + session * 600;
  const event = (Type, Position, SeqNumber, Timestamp) => ({
    OrganizationId: organization,
    ClipId: '9b5c82f7-74cf-4841-a870-a670017cc8eb',
    SessionId: `a039f83d-1916-436b-a090-efbc0869850${session}`,
    Type,
    Position,
    SeqNumber,
    Timestamp,
  });
  const body = JSON.stringify({
    Source: 'CustomWeb',
    Events: [event('Start', 0, 1, at), event('Stop', 42.125, 2, at + 42)],
    Completed: true,
  });
  const flush = () => {
    if (send === 'string-beacon') navigator.sendBeacon(url, body);
    else if (send === 'blob-beacon')
      navigator.sendBeacon(url, new Blob([body], { type: 'application/json' }));
    else {
      const headers = { 'Content-Type': 'application/json' };
      return fetch(url, { method: 'POST', body, keepalive: true, headers })
        .then((response) => response.text())
        .catch(() => {});
    }
  };
  if (leave) addEventListener('pagehide', () => void flush());
  else return flush();
}

async function listen(handle) {
  const server = createServer(handle);
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { port: server.address().port, close: () => server.close().closeAllConnections() };
}

/** The recording without what is of this machine and this run: ports, versions, headers but the media type; times stay as they lie to each other. */
function scrubbed({ log }, ports) {
  const began = Math.min(...log.entries.map(({ startedDateTime }) => Date.parse(startedDateTime)));
  const shift = Date.parse('2024-12-01T10:30:00.000Z') - began;
  const moved = (time) => new Date(Date.parse(time) + shift).toISOString();
  const entries = log.entries.map(({ pageref, startedDateTime, time, request, response }) => ({
    pageref: pageref && `page_${log.pages.findIndex(({ id }) => id === pageref) + 1}`,
    startedDateTime: moved(startedDateTime),
    time: Math.round(time * 1000) / 1000,
    request: { ...request, headers: request.headers.filter(isKept), cookies: [], headersSize: -1 },
    response: { ...response, headers: response.headers.filter(isKept), cookies: [], headersSize: -1 },
    cache: {},
    timings: { send: 0, wait: Math.round(time * 1000) / 1000, receive: 0 },
  }));
  const pages = log.pages.map(({ title, startedDateTime }, i) => ({
    id: `page_${i + 1}`,
    title,
    startedDateTime: moved(startedDateTime),
    pageTimings: {},
  }));
  const creator = { name: 'scripts/record-har.js', version: '1' };
  let text = JSON.stringify({ log: { version: '1.2', creator, pages, entries } }, null, 2);
  for (const [from, to] of ports) text = text.replaceAll(`127.0.0.1:${from}`, `127.0.0.1:${to}`);
  return `${text}\n`;
}

function isKept({ name }) {
  return name.toLowerCase() === 'content-type';
}
