import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toneWav } from '../mock/tone.js';
import { ORGANIZATION } from './page.js';

/** A moment of a real audio element: ms, position, speed, clip; null while it seeks. */
export type Sample = readonly [at: number, position: number | null, speed: number, clip: string];

/** A site with a player that uses a recorder. */
export interface PlayerSite {
  /** Its page, which plays this clip and sends to that endpoint. */
  url(endpoint: string, clip: string): string;
  close(): Promise<void>;
}

/** @param recorder The recorder's JavaScript. */
export async function startPlayerSite(recorder: string): Promise<PlayerSite> {
  const tone = toneWav(60);
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/recorder.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(recorder);
    } else if (path === '/tone.wav') {
      rangeOf(tone, request, response);
    } else {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: (endpoint, clip) => `http://127.0.0.1:${port}/?${String(new URLSearchParams({ endpoint, clip }))}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function rangeOf(bytes: Buffer, { headers }: IncomingMessage, response: ServerResponse): void {
  const [, from = '0', to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const begin = Number(from);
  const end = to ? Number(to) + 1 : bytes.length;
  response.writeHead(headers.range === undefined ? 200 : 206, {
    'content-type': 'audio/wav',
    'accept-ranges': 'bytes',
    'content-length': end - begin,
    ...(headers.range !== undefined && { 'content-range': `bytes ${begin}-${end - 1}/${bytes.length}` }),
  });
  response.end(bytes.subarray(begin, end));
}

/** `sampled` is there where a test has put it: it takes what the audio did. */
const PAGE = `<!doctype html>
<link rel="icon" href="data:,">
<title>A player with the recorder</title>
<audio preload="auto"></audio>
<script type="module">
import { record } from '/recorder.js';
const parameters = new URLSearchParams(location.search);
const audio = document.querySelector('audio');
let clip = parameters.get('clip');
audio.src = '/tone.wav?' + clip;
const next = record(audio, {
  OrganizationId: '${ORGANIZATION}', ClipId: clip, endpoint: parameters.get('endpoint'),
});
let samples = [];
setInterval(() => {
  samples.push([Date.now(), audio.seeking ? null : audio.currentTime, audio.playbackRate, clip]);
  if (samples.length < 4 || !window.sampled) return;
  window.sampled(samples);
  samples = [];
}, 10);
for (const name of ['seeking', 'emptied'])
  audio.addEventListener(name, () => samples.push([Date.now(), null, audio.playbackRate, clip]));
window.player = {
  audio,
  play: () => audio.play().catch(() => {}),
  nextClip(id) {
    next(id);
    clip = id;
    audio.src = '/tone.wav?' + id;
    return window.player.play();
  },
};
</script>
`;
