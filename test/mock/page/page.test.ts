import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, pageHtml } from '../../../src/mock/page/page.js';

describe('the page', () => {
  it('is one document that names no other host', () => {
    const hosts = [...pageHtml().matchAll(/\b(?:https?:)?\/\/([\w.-]+)/g)].map(([, host]) => host);
    expect([...new Set(hosts)]).toEqual(['www.w3.org']);
    expect(pageHtml()).not.toMatch(/<(?:script|link|img|iframe)[^>]* (?:src|href)="(?!data:)/);
  });

  it('has one script and one style, whole, and nothing that the policy would refuse', () => {
    const html = pageHtml();
    expect(html.match(/<\/?script|<\/?style/g)).toEqual(['<style', '</style', '<script', '</script']);
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+="/);
    const policy = contentSecurityPolicy(html);
    expect(policy).toMatch(/script-src 'sha256-[^']+';/);
    expect(policy).toMatch(/style-src 'sha256-[^']+';/);
    expect(policy).not.toContain('unsafe');
  });
});
