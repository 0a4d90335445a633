import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Target } from '../target.js';
import { pageHtml } from './page.js';
import { contentSecurityPolicy } from './policy.js';

/** Answers `GET /` and `GET /t/NAME/`; of an icon there is none. */
export function servePage({ url = '' }: IncomingMessage, response: ServerResponse, target: Target): void {
  if (target.path !== '/') {
    response.writeHead(404).end();
    return;
  }
  if (target.ledger !== null && !url.split('?', 1)[0]?.endsWith('/')) {
    response.writeHead(308, { location: `/t/${target.ledger}/` }).end();
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
