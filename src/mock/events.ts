import type { ServerResponse } from 'node:http';
import type { Ledger } from './ledger.js';
import { MOST_SESSIONS, type PageMessage } from './page-data.js';

/** A page that is so far behind, in bytes, is cut off: its EventSource connects again and begins anew. */
const MOST_BEHIND = 16 * 1024 * 1024;
const HEARTBEAT_MS = 15_000;

/** Tells a page what arrives, as it arrives, as server-sent events: `PageMessage`s, first what the ledger holds. */
export function streamEvents(response: ServerResponse, ledger: Ledger): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
  const write = (text: string) => {
    response.write(text);
    if (response.writableLength > MOST_BEHIND) response.destroy();
  };
  const tell = (message: PageMessage) => write(`data: ${JSON.stringify(message)}\n\n`);
  let callOff = () => {};
  const beat = () => {
    callOff = ledger.start.clock.after(HEARTBEAT_MS, () => {
      write(':\n\n');
      beat();
    });
  };
  tell(ledger.beginning());
  const sessions = ledger.book.sessions();
  for (let from = 0; from < sessions.length; from += MOST_SESSIONS) {
    tell({ type: 'sessions', sessions: sessions.slice(from, from + MOST_SESSIONS) });
  }
  const requests = ledger.apart();
  if (requests.length > 0) tell({ type: 'requests', requests });
  const unlisten = ledger.listen(tell);
  response.once('close', () => {
    unlisten();
    callOff();
  });
  beat();
}
