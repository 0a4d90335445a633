import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CLIP, ORGANIZATION } from './plays.js';
import { toneWav } from './tone.js';

/** How the player flushes when its page goes away. */
export type Flush = 'string' | 'blob' | 'fetch';

/** A site with a small player, on an origin of its own. */
export interface PlayerSite {
  /** Its page, which flushes that way to that endpoint. */
  url(flush: Flush, endpoint: string): string;
  close(): Promise<void>;
}

export async function startPlayerSite(): Promise<PlayerSite> {
  const tone = toneWav(20);
  const server = createServer((request, response) => {
    const audio = request.url?.startsWith('/tone.wav');
    response.writeHead(200, { 'content-type': audio ? 'audio/wav' : 'text/html; charset=utf-8' });
    response.end(audio ? tone : PAGE);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: (flush, endpoint) => `http://127.0.0.1:${port}/?${String(new URLSearchParams({ flush, endpoint }))}`,
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A player as a reader of the document would write it: Start and Stop at play and pause, all of it sent when the page goes away. */
const PAGE = `<!doctype html>
<link rel="icon" href="data:,">
<title>A small player</title>
<audio src="/tone.wav" preload="auto"></audio>
<button>Play or pause</button>
<output>0</output>
<script>
const audio = document.querySelector('audio');
const parameters = new URLSearchParams(location.search);
const OrganizationId = '${ORGANIZATION}';
const SessionId = crypto.randomUUID();
const Events = [];
const note = (Type) => Events.push({
  OrganizationId, ClipId: '${CLIP}', SessionId, Type, Position: audio.currentTime,
  SeqNumber: Events.length + 1, Timestamp: Math.floor(Date.now() / 1000),
});
audio.addEventListener('playing', () => note('Start'));
audio.addEventListener('pause', () => note('Stop'));
audio.addEventListener('timeupdate', () => { document.querySelector('output').textContent = audio.currentTime; });
document.querySelector('button').addEventListener('click', () => audio.paused ? audio.play() : audio.pause());
addEventListener('pagehide', () => {
  if (!audio.paused) note('Stop');
  const url = parameters.get('endpoint') + '?organizationId=' + OrganizationId;
  const body = JSON.stringify({ Source: 'CustomWeb', Events, Completed: true });
  const type = 'application/json';
  const flush = parameters.get('flush');
  if (flush === 'string') navigator.sendBeacon(url, body);
  if (flush === 'blob') navigator.sendBeacon(url, new Blob([body], { type }));
  if (flush === 'fetch') fetch(url, { method: 'POST', keepalive: true, headers: { 'content-type': type }, body });
});
</script>
`;
