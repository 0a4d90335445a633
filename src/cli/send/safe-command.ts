import { shellWords } from '../../send/curl.js';

/** This program with its words, for a shell, and without the credentials of URLs. */
export function safeCommand(args: readonly string[]): string {
  return `omny-consume ${shellWords(args.map(withoutCredentials))}`;
}

/** A word in which a URL's user and password are only named. */
function withoutCredentials(word: string): string {
  return word.replace(/^((?:--[\w-]+=)?[a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1USER:PASSWORD@');
}
