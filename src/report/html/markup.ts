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

/** Text for a page, escaped so that it is never markup. */
export function asText(text: string): string {
  return escaped(text).replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** The hash by which a page's policy allows a style or a script. */
function policyHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** A page's beginning up to `<body>`: it loads nothing, and runs nothing but `script`. @param own What its style adds to the common one. */
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
