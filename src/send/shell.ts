import type { Batch } from '../write/batches.js';
import { type Endpoint, requestUrl } from './endpoint.js';

/** Linux takes no single argument of 128 KiB or more: a longer body is handed over as a here-document. */
const LONGEST_ARGUMENT = 100_000;

/**
 * A command for a POSIX shell that posts the batch (API-1, API-2), ending in a newline. Credentials of the endpoint are not in it.
 */
export function curlCommand(batch: Pick<Batch, 'organizationId' | 'body'>, endpoint: Endpoint): string {
  return curlPost(requestUrl(endpoint, batch.organizationId), batch.body.toString(), 'application/json');
}

/** A command for a POSIX shell that posts a body, ending in a newline. @param type Its media type; null for none. */
export function curlPost(url: string, body: string, type: string | null): string {
  const long = Buffer.byteLength(body) > LONGEST_ARGUMENT;
  const lines = [
    `curl -X POST${/[[\]{}]/.test(url) ? ' --globoff' : ''}`,
    `  ${quoted(url)}`,
    `  -H ${quoted(type === null ? 'Content-Type:' : `Content-Type: ${type}`)}`,
    long ? `  --data-binary @- <<'END_OF_BODY'\n${body}\nEND_OF_BODY` : `  --data-raw ${quoted(body)}`,
  ];
  return `${lines.join(' \\\n')}\n`;
}

/** Words as a POSIX shell takes them, quoted where they need it. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word))).join(' ');
}

/** A text as one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * This program with its words, for a shell, and without the credentials of URLs.
 * @param more Options to add.
 */
export function safeCommand(args: readonly string[], ...more: readonly string[]): string {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const words = [...args.slice(0, end), ...more, ...args.slice(end)];
  return `omny-consume ${shellWords(words.map(withoutCredentials))}`;
}

/** A word in which users and passwords are only named: of the URL that it is, and of those inside it. */
function withoutCredentials(word: string): string {
  return word
    .replace(/^((?:--[\w-]+=)?[a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1USER:PASSWORD@')
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/?#\s'"]*@/gi, '$1USER:PASSWORD@');
}
