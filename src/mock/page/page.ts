import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestTarget } from '../http/request-head.js';
import body from './body.html?text';
// oxlint-disable-next-line import/default -- scripts/text-modules.js gives it
import script from './client/main.ts?script';
import board from './style/board.css?text';
import choosing from './style/choosing.css?text';
import details from './style/details.css?text';
import empty from './style/empty.css?text';
import ground from './style/ground.css?text';
import head from './style/head.css?text';
import motion from './style/motion.css?text';
import narrow from './style/narrow.css?text';
import panels from './style/panels.css?text';
import sessions from './style/sessions.css?text';

/**
 * The page at `/`, also of each space at `/t/NAME/` (that path must end with its slash): one HTML document that talks only to `_mock/`
 * below its own address (`page-data.ts` says what comes from there). What it may do: `contentSecurityPolicy`.
 */
export function pageHtml(): string {
  return PAGE;
}

/** Later ones win. */
const STYLE = [ground, head, empty, board, choosing, sessions, details, panels, narrow, motion].join('');

const ICON = [
  "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%234457d6'/%3E",
  "%3Cpath d='M3 8h1.5M6.5 4.5v7M9.5 6.5v3M12 8h1' stroke='white' stroke-width='1.6' stroke-linecap='round'/%3E%3C/svg%3E",
].join('');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>omny-consume mock</title>
<link rel="icon" href="data:image/svg+xml,${ICON}">
<style>${STYLE}</style>
</head>
<body>
${body}<script>${script}</script>
</body>
</html>
`;

/** Answers `GET /` and `GET /t/NAME/`; of an icon there is none. */
export function servePage(
  { url = '' }: IncomingMessage,
  response: ServerResponse,
  target: RequestTarget,
): void {
  if (target.path !== '/') {
    response.writeHead(404).end();
    return;
  }
  if (target.space !== null && !url.split('?', 1)[0]?.endsWith('/')) {
    response.writeHead(308, { location: `/t/${target.space}/` }).end();
    return;
  }
  const html = pageHtml();
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': contentSecurityPolicy(html),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  });
  response.end(html);
}

/**
 * The Content-Security-Policy of a page: it may run and style itself with the `<script>` and `<style>` elements it came with, each
 * named by its hash, and talk to its own host. Everything else is refused: other scripts, `on…` and `style` attributes, images but
 * `data:`, frames, and markup made of text (trusted types). Styles set from a script (`element.style.width = …`, SVG attributes) work.
 */
export function contentSecurityPolicy(html: string): string {
  const hashes = (element: string): string => {
    const found = [...html.matchAll(new RegExp(`<${element}\\b[^>]*>([\\s\\S]*?)</${element}>`, 'g'))];
    return found.map(([, text = '']) => `'sha256-${sha256(text)}'`).join(' ') || "'none'";
  };
  return [
    "default-src 'none'",
    `script-src ${hashes('script')}`,
    `style-src ${hashes('style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
