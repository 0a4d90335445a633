import { createHash } from 'node:crypto';

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
