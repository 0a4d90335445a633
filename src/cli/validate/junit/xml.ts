import { escaped } from '../../../domain/text.js';

const INDENT = '  ';
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** A suite of test cases. */
export interface TestSuite {
  readonly name: string;
  readonly tests: number;
  readonly failures: number;
  /** The XML of its cases, made when it is written. */
  readonly cases: () => readonly string[];
}

/** A JUnit XML document, suite by suite. */
export function* testSuites(suites: readonly TestSuite[]): Generator<string> {
  const sum = (of: (suite: TestSuite) => number): number => suites.reduce((all, suite) => all + of(suite), 0);
  const totals = { tests: sum(({ tests }) => tests), failures: sum(({ failures }) => failures) };
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: 'omny-consume validate', ...counts(totals) })}>\n`;
  for (const { name, tests, failures, cases } of suites) {
    yield `${INDENT}<testsuite${attributes({ name, ...counts({ tests, failures }), skipped: '0' })}>\n`;
    for (const xml of cases()) yield indented(indented(xml));
    yield `${INDENT}</testsuite>\n`;
  }
  yield '</testsuites>\n';
}

function counts({ tests, failures }: Pick<TestSuite, 'tests' | 'failures'>): Record<string, string> {
  return { tests: String(tests), failures: String(failures), errors: '0', time: '0' };
}

/** An element on lines of its own, around another element or lines of text. */
export function element(
  name: string,
  its: Readonly<Record<string, string>>,
  content?: string | readonly string[],
): string {
  const opening = `<${name}${attributes(its)}`;
  if (content === undefined) return `${opening}/>\n`;
  if (typeof content === 'string') {
    return `${opening}>\n${indented(content)}</${name}>\n`;
  }
  return `${opening}>${content.map(xmlText).join('\n')}</${name}>\n`;
}

/** Lines of text begin with no `<`, and stay as they are. */
function indented(xml: string): string {
  return xml.replaceAll(/^(?= *<)/gm, INDENT);
}

function attributes(its: Readonly<Record<string, string>>): string {
  return Object.entries(its)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join('');
}

/** Text of one line as it stands in XML: what XML cannot hold, and what steers a terminal, is shown as an escape. */
export function xmlText(text: string): string {
  return escaped(text)
    .replaceAll(/[\p{Surrogate}\ufffe\uffff]/gu, (char) => `\\u${char.charCodeAt(0).toString(16)}`)
    .replaceAll(/[&<>"]/g, (char) => ENTITIES[char]!);
}
