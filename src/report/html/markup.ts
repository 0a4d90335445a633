import { createHash } from 'node:crypto';
import { escaped } from '../../domain/text.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for a page, escaped so that it is never markup. */
export function asText(text: string): string {
  return escaped(text).replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** The hash by which a page's policy allows a style or a script. */
export function policyHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
