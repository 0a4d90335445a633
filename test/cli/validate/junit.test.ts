import { readFileSync } from 'node:fs';
import { DOMParser, type Element } from '@xmldom/xmldom';
import fc from 'fast-check';
import junitBuilder, { type Builder } from 'junit-report-builder';
import { describe, expect, it } from 'vitest';
import { element, junit, testSuites } from '../../../src/cli/validate/reporters/junit.js';
import { DIAGNOSIS_IDS, type Finding, RULE_IDS } from '../../../src/domain/finding.js';
import { settledFinding } from '../../finding.js';
import { anyFindings, reportedOf, textOf } from './reported.js';

/** Its types name a default export that the package itself is. */
const library = junitBuilder as unknown as Builder;

/** Parses strictly: whatever the parser has to say is a failure. */
function parsed(xml: string): Element {
  const stop = (level: string, message: string): never => {
    throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError: stop }).parseFromString(xml, 'text/xml').documentElement!;
}

const children = (parent: Element, name: string): readonly Element[] =>
  Array.from(parent.childNodes).filter((node): node is Element => node.nodeName === name);

/** Suites, cases and what is in them, as plain data. */
function read(xml: string) {
  const root = parsed(xml);
  return children(root, 'testsuite').map((suite) => ({
    name: suite.getAttribute('name'),
    tests: Number(suite.getAttribute('tests')),
    failures: Number(suite.getAttribute('failures')),
    cases: children(suite, 'testcase').map((its) => ({
      classname: its.getAttribute('classname'),
      name: its.getAttribute('name'),
      failures: children(its, 'failure').map((failure) => ({
        message: failure.getAttribute('message'),
        type: failure.getAttribute('type'),
        text: failure.textContent,
      })),
      output: children(its, 'system-out').map((output) => output.textContent),
    })),
  }));
}

const finding = (rule: Finding['rule'], severity: Finding['severity'], index = 0): Finding =>
  settledFinding({
    rule,
    severity,
    place: { input: { index, name: 'plays.ndjson' }, line: 4, column: 2, pointer: null, request: null },
    expected: 'this',
    received: 'that',
    hint: 'Mend it.',
    sessionId: null,
    seqNumber: 7,
    reference: null,
  });

const failing = (xml: string) =>
  read(xml).flatMap(({ name, cases }) =>
    cases.filter((its) => its.failures.length > 0).map((its) => [name, its.name?.split(':')[0]]),
  );

describe('JUnit XML', () => {
  it('is well-formed in the golden file, and counts right', () => {
    const suites = read(readFileSync('test/cli/validate/golden/junit.xml', 'utf8'));
    expect(suites.map(({ tests, failures }) => [tests, failures])).toEqual([
      [RULE_IDS.length, 3],
      [RULE_IDS.length, 0],
      [RULE_IDS.length, 0],
      [DIAGNOSIS_IDS.length, 0],
    ]);
  });

  it('is well-formed whatever was found, with a case a rule in every input', () =>
    fc.assert(
      fc.asyncProperty(
        anyFindings,
        fc.constantFrom(null, 'more warnings than --max-warnings'),
        async (findings, warningsFail) => {
          const reported = reportedOf(findings, { warningsFail });
          const suites = read(await textOf(junit, reported));
          expect(suites.map(({ name }) => name)).toEqual([
            ...reported.report.inputs.map(({ name }) => name),
            'diagnoses',
          ]);
          for (const { name, tests, failures, cases } of suites) {
            expect(tests).toBe(name === 'diagnoses' ? DIAGNOSIS_IDS.length : RULE_IDS.length);
            expect(new Set(cases.map(({ classname, name }) => `${classname} ${name}`)).size).toBe(tests);
            expect(cases.filter((its) => its.failures.length > 0)).toHaveLength(failures);
          }
          const fails = findings.some(
            ({ severity }) => severity === 'error' || (severity === 'warning' && warningsFail !== null),
          );
          expect(suites.some(({ failures }) => failures > 0)).toBe(fails);
        },
      ),
      { numRuns: 25 },
    ));

  it('fails what makes the exit code 1, and no more', async () => {
    const findings = [
      finding('seq-gap', 'error'),
      finding('session-open', 'warning'),
      finding('session-too-short', 'info', 1),
    ];
    const lenient = await textOf(junit, reportedOf(findings));
    const strict = await textOf(
      junit,
      reportedOf(findings, { warningsFail: 'more warnings than --max-warnings' }),
    );
    expect(failing(lenient)).toEqual([['plays.ndjson', 'seq-gap']]);
    expect(failing(strict)).toEqual([
      ['plays.ndjson', 'seq-gap'],
      ['plays.ndjson', 'session-open'],
    ]);
    const told = read(lenient).flatMap(({ cases }) => cases.flatMap(({ output }) => output));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('plays.ndjson:4:2, SeqNumber 7: Expected this, received that\nhint: Mend it.');
  });

  it('passes every rule in force of an input without findings', async () => {
    const severityOf = (rule: string) => (rule === 'seq-gap' ? 'off' : 'error');
    const [suite] = read(await textOf(junit, reportedOf([], { severityOf })));
    expect(suite).toMatchObject({ tests: RULE_IDS.length - 1, failures: 0 });
  });

  it('fails where findings are counted but not listed', async () => {
    const reported = reportedOf([finding('seq-gap', 'error')]);
    const report = { ...reported.report, findings: [], omitted: 1 };
    const xml = await textOf(junit, { ...reported, report });
    const [its] = read(xml)[0]!.cases.filter(({ failures }) => failures.length > 0);
    expect(its?.failures[0]).toMatchObject({
      message: '1 finding',
      text: expect.stringMatching(/^and 1 more finding, not listed\n/),
    });
  });

  it('tells an input that is read twice apart', async () => {
    const reported = reportedOf([]);
    const inputs = [0, 1].map((index) => ({ index, name: 'a.json' }));
    const xml = await textOf(junit, { ...reported, report: { ...reported.report, inputs } });
    expect(read(xml).map(({ name }) => name)).toEqual(['a.json', 'a.json (2)', 'diagnoses']);
  });

  it('shows control characters as escapes, which XML cannot hold', async () => {
    const odd = { ...finding('seq-gap', 'error'), received: '\u0000 \u001b[2J \ud800 \uffff ]]> <b>' };
    const [its] = read(await textOf(junit, reportedOf([odd])))[0]!.cases.filter(
      ({ failures }) => failures.length > 0,
    );
    expect(its?.failures[0]?.message).toBe(
      '1 finding: Expected this, received \\u0000 \\u001b[2J \\ud800 \\uffff ]]> <b>',
    );
  });

  it('is what junit-report-builder writes', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', '<', '>', '&', '"', "'", ' ', 'ä', '東', '😀', ']'),
      minLength: 1,
      maxLength: 9,
    });
    const suite = fc.record({
      name: word,
      cases: fc.array(fc.record({ classname: word, name: word, message: fc.option(word) }), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(suite, { maxLength: 3 }), (suites) => {
        const builder = library.newBuilder();
        for (const { name, cases } of suites) {
          const its = builder.testSuite().name(name);
          for (const { classname, name: called, message } of cases) {
            const one = its.testCase().className(classname).name(called);
            if (message !== null) one.failure(message, 'error');
          }
        }
        const xml = testSuites(
          suites.map(({ name, cases }) => ({
            name,
            tests: cases.length,
            failures: cases.filter(({ message }) => message !== null).length,
            cases: () =>
              cases.map(({ classname, name: called, message }) => {
                const attributes = { classname, name: called };
                if (message === null) return element('testcase', attributes);
                return element('testcase', attributes, element('failure', { message, type: 'error' }, []));
              }),
          })),
        );
        expect(read([...xml].join(''))).toEqual(read(builder.build()));
      }),
      { numRuns: 50 },
    );
  });
});
