import { isFailing, type Sheet, type SheetLine } from '../../certify/sheet.js';
import { element, testSuites } from '../validate/reporters/junit.js';
import { notSeenText, placeText } from './sheet-words.js';

/** The sheet as JUnit XML, a test case a behaviour: what fails the sheet is a failure, what was not seen else is skipped. */
export function* sheetJunit({ lines, notes }: Sheet): Generator<string> {
  const anyRequired = lines.some(({ required }) => required);
  const fails = (line: SheetLine): boolean => isFailing(line, anyRequired);
  const suite = {
    name: 'behaviours',
    tests: lines.length,
    failures: lines.filter(fails).length,
    skipped: lines.filter((line) => line.verdict === 'not-seen' && !fails(line)).length,
    cases: () => lines.map((line) => caseXml(line, fails(line), notes)),
  };
  yield* testSuites([suite], 'omny-consume certify');
}

function caseXml(line: SheetLine, failing: boolean, notes: readonly string[]): string {
  const { behaviour, title, verdict, observations, next } = line;
  const attributes = { classname: 'behaviours', name: `${behaviour}: ${title}`, time: '0' };
  const seen = observations.map((its) => `${placeText(its)}: ${its.evidence}`);
  const text = [
    ...seen,
    ...(next === null ? [] : [`${verdict === 'wrong' ? 'fix' : 'to show it'}: ${next}`]),
  ];
  if (failing) {
    const message = observations[0]?.evidence ?? notSeenText(line);
    const type = verdict === 'wrong' ? 'wrong' : 'not-seen';
    return element('testcase', attributes, element('failure', { message, type }, [...text, ...notes]));
  }
  if (verdict === 'not-seen')
    return element('testcase', attributes, element('skipped', { message: `not seen. ${next ?? ''}`.trim() }));
  return element('testcase', attributes, element('system-out', {}, text));
}
