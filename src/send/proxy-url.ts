import { UserError } from '../domain/errors.js';

const SCHEMES = ['http:', 'https:', 'socks5:'];

/**
 * A proxy as an environment variable names it, as curl reads it: without a scheme it is HTTP, and then without a port 1080.
 * @param name The variable's, for messages: a proxy may hold a password.
 * @throws UserError of kind `usage` where it cannot be read
 */
export function proxyUrl(text: string, name: string): string {
  const hasScheme = text.includes('://');
  const whole = hasScheme ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url === null || !SCHEMES.includes(url.protocol) || url.hostname === '') {
    throw new UserError(
      'usage',
      `the proxy in ${name} cannot be read: nothing was sent`,
      `Set it as http://HOST:PORT or HOST:PORT, or unset ${name}.`,
    );
  }
  if (!hasScheme && url.port === '' && !/:80\/?$/.test(text)) url.port = '1080';
  return url.href;
}
