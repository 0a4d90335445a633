import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CLIP, ORGANIZATION, OTHER_CLIP } from './plays.js';
import { toneWav } from './tone.js';

/** How the player flushes when its page goes away. */
export type Flush = 'string' | 'blob' | 'fetch';

/** What the player does wrong. */
export const PLAYER_BUGS = ['string-beacon', 'stamps-at-flush', 'id-kept', 'no-stop', 'fraction'] as const;
export type PlayerBug = (typeof PLAYER_BUGS)[number];

/** A site with a small player, on an origin of its own. */
export interface PlayerSite {
  /** Its page, which flushes that way to that endpoint. */
  url(flush: Flush, endpoint: string): string;
  /** An origin on which the player has that bug; null: none. */
  origin(bug: PlayerBug | null): string;
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
    origin: (bug) => `http://${bug ?? 'correct'}.localhost:${port}`,
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

/**
 * A player as a reader of the document would write it: Start and Stop at play and pause, a session an episode, all of it sent when the page
 * goes away. The first part of the host's name says which bug it has.
 */
const PAGE = `<!doctype html>
<link rel="icon" href="data:,">
<title>A small player</title>
<audio src="/tone.wav" preload="auto"></audio>
<button>Play or pause</button>
<button>Next episode</button>
<output>0</output>
<script>
const audio = document.querySelector('audio');
const [play, next] = document.querySelectorAll('button');
const parameters = new URLSearchParams(location.search);
const [bug] = location.hostname.split('.');
const OrganizationId = '${ORGANIZATION}';
const Events = [];
const now = () => Math.floor(Date.now() / 1000);
let ClipId = '${CLIP}';
let SessionId = crypto.randomUUID();
let SeqNumber = 0;
let playing = false;
const note = (Type) => Events.push({
  OrganizationId, ClipId, SessionId, Type, SeqNumber: SeqNumber += 1, Timestamp: now(),
  Position: bug === 'fraction' ? audio.currentTime / audio.duration : audio.currentTime,
});
const start = () => {
  note('Start');
  playing = true;
};
const stop = () => {
  if (playing && bug !== 'no-stop') note('Stop');
  playing = false;
};
audio.addEventListener('playing', start);
audio.addEventListener('pause', stop);
audio.addEventListener('timeupdate', () => { document.querySelector('output').textContent = audio.currentTime; });
play.addEventListener('click', () => audio.paused ? audio.play() : audio.pause());
next.addEventListener('click', () => {
  stop();
  ClipId = '${OTHER_CLIP}';
  SeqNumber = 0;
  if (bug !== 'id-kept') SessionId = crypto.randomUUID();
  audio.src = '/tone.wav?next';
  audio.play();
});
addEventListener('pagehide', () => {
  stop();
  const url = parameters.get('endpoint') + '?organizationId=' + OrganizationId;
  if (bug === 'stamps-at-flush') for (const event of Events) event.Timestamp = now();
  const body = JSON.stringify({ Source: 'CustomWeb', Events, Completed: true });
  const type = 'application/json';
  const flush = bug === 'string-beacon' ? 'string' : parameters.get('flush') ?? 'blob';
  if (flush === 'string') navigator.sendBeacon(url, body);
  if (flush === 'blob') navigator.sendBeacon(url, new Blob([body], { type }));
  if (flush === 'fetch') fetch(url, { method: 'POST', keepalive: true, headers: { 'content-type': type }, body });
});
</script>
`;
