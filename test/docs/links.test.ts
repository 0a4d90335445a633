import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'bench/README.md',
  'examples/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe.each(PAGES)('%s', (path) => {
  it('has links that lead somewhere', () => {
    expect(linksOf(textOf(path)).filter((link) => !leadsSomewhere(path, link))).toEqual([]);
  });

  it('has each anchor once', () => {
    const anchors = anchorsOf(textOf(path));
    expect(anchors.filter((anchor, i) => anchors.indexOf(anchor) !== i)).toEqual([]);
  });

  it('is no longer than a page may be', () => {
    const lines = textOf(path).split('\n').length - 1;
    expect(lines).toBeLessThanOrEqual(path === 'README.md' ? 200 : 500);
  });
});

describe('the README', () => {
  it('is at most 15 KB', () => {
    expect(Buffer.byteLength(textOf('README.md'))).toBeLessThanOrEqual(15_000);
  });

  it('links to files of the package only', () => {
    const { files } = JSON.parse(textOf('package.json')) as { readonly files: readonly string[] };
    const local = linksOf(textOf('README.md'))
      .map((link) => link.split('#')[0] ?? '')
      .filter((link) => link !== '' && !link.startsWith('https:'));
    const missing = local.filter(
      (link) => !files.some((file) => link === file || link.startsWith(`${file}/`)),
    );
    expect(missing).toEqual([]);
  });

  it('leads to every page of docs', () => {
    const linked = linksOf(textOf('README.md')).map((link) => link.split('#')[0]);
    const pages = PAGES.filter((path) => /^docs\/[^/]+\.md$/.test(path));
    expect(pages.filter((path) => !linked.includes(path))).toEqual([]);
  });
});

const TOLD_OF_CODE = PAGES.filter((path) =>
  /^docs\/(?:architecture|decisions\/[\w-]+)\.md$|^CONTRIBUTING\.md$/.test(path),
);
it.each(TOLD_OF_CODE)('%s names source files that are there', (path) => {
  const named = [...textOf(path).matchAll(/`((?:src|test|scripts|[a-z]+)\/[\w./-]+\.[jt]s)`/g)].map(
    ([, file = '']) => file,
  );
  const missing = named
    .filter((file) => !/\bID\b|LEVEL|\/my-/.test(file))
    .filter((file) => !existsSync(join(ROOT, file)) && !existsSync(join(ROOT, 'src', file)));
  expect(missing).toEqual([]);
});

/** Targets of links and images outside code blocks. */
function linksOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
}

function leadsSomewhere(from: string, link: string): boolean {
  if (link.startsWith('https:')) return true;
  const [file = '', anchor] = link.split('#');
  const path = file === '' ? from : normalize(join(dirname(from), file));
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === undefined || anchorsOf(textOf(path)).includes(anchor);
}

/** The anchors that GitHub makes of headings. */
function anchorsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/\]\([^)]*\)/g, '')
      .replaceAll(/[^\p{L}\p{N}\-_ ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*\]\([^`\n]*`/g, '');
}
