import type { PageMessage } from '../../page-data.js';

export type Connection = 'connecting' | 'live' | 'lost';

export interface FeedListener {
  message(message: PageMessage): void;
  connection(state: Connection): void;
}

const TRY_AGAIN_MS = 2000;

/** Hears the mock's events, and connects again by itself for as long as the page is open. */
export function follow(url: string, listener: FeedListener): void {
  const source = new EventSource(url);
  source.addEventListener('open', () => listener.connection('live'));
  source.addEventListener('message', ({ data }) => listener.message(JSON.parse(String(data)) as PageMessage));
  source.addEventListener('error', () => {
    listener.connection('lost');
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => follow(url, listener), TRY_AGAIN_MS);
  });
}
