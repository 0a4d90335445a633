import { createHash } from 'node:crypto';
import { escaped } from '../../domain/text.js';
import base from './base.css?text';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for a page, so that it is never markup. */
export function asText(text: string): string {
  return escaped(text).replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** The hash by which a page's policy allows a style or a script. */
function policyHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/**
 * The beginning of a page up to `<body>`. The page loads nothing, and runs only `script`.
 * @param own The page's style, in addition to the common style.
 */
export function pageHead(title: string, own: string, script?: string): string {
  const style = base + own;
  const scripts = script === undefined ? '' : `script-src '${policyHash(script)}'; `;
  const policy = `default-src 'none'; style-src '${policyHash(style)}'; ${scripts}base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
`;
}
