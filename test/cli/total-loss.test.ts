import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verdictOf } from '../../src/cli/mock/run.js';
import type { DiagnosisId } from '../../src/domain/finding.js';
import { judge, NO_GATES } from '../../src/validate/gates.js';
import { linesOf } from '../diagnoses/judged.js';
import { PLAYER_BUGS, type Play, sound } from '../diagnoses/player-bugs.js';
import { started } from '../mock/mocks.js';
import { runHere } from './in-process.js';

/** By format, whether a report says that a rule or diagnosis was met: SARIF and JUnit list every id anyway. */
const NAMES: Readonly<Record<string, (report: string, id: string) => boolean>> = {
  pretty: (report, id) => new RegExp(`^(diagnosis \\()?warning\\)? ${id}: `, 'm').test(report),
  json: (report, id) => new RegExp(`"(rule|diagnosis)":"${id}"`).test(report),
  github: (report, id) => new RegExp(`^::warning [^:]*title=${id}::`, 'm').test(report),
  junit: (report, id) => new RegExp(`name="${id}: [^>]*>\\s*<failure`).test(report),
  sarif: (report, id) => new RegExp(`"ruleId":\\s*"${id}"`).test(report),
};
const FORMATS = Object.keys(NAMES);
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';

const atZero = (plays: readonly Play[]): readonly Play[] =>
  plays.map((play) => play.map((event) => ({ ...event, Position: 0 })));

/** Players whose every second of listening is lost. */
const LOSSES: readonly (readonly [what: string, id: DiagnosisId, plays: readonly Play[]])[] = [
  ['Position is always 0', 'position-stuck', atZero(sound(3, { sessions: 50 }))],
  ...(['position-as-fraction', 'position-as-percentage', 'position-in-minutes'] as const).map(
    (id) => [id.replaceAll('-', ' '), id, PLAYER_BUGS[id](sound(3, { sessions: 50 }))] as const,
  ),
];

/** The exit code of `validate --max-warnings 0`, and the formats that do not name a rule or diagnosis. */
async function validated(plays: readonly Play[], id: string) {
  const folder = mkdtempSync(join(tmpdir(), 'omny-consume-loss-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'plays.ndjson');
  writeFileSync(file, linesOf(plays).join('\n'));
  const formats = FORMATS.flatMap((format) => ['--format', `${format}:${join(folder, format)}`]);
  const { code } = await runHere(['validate', '--max-warnings', '0', ...formats, file]);
  const silent = FORMATS.filter((format) => !NAMES[format]!(readFileSync(join(folder, format), 'utf8'), id));
  return { code, silent };
}

describe('total loss in 50 sessions fails a build, and its bug is named', () => {
  it.each(LOSSES)('%s: by validate in every format', async (_, id, plays) => {
    expect(await validated(plays, id)).toEqual({ code: 1, silent: [] });
  });

  it.each(LOSSES)('%s: by the mock', async (_, id, plays) => {
    const mock = await started();
    for (const body of linesOf(plays, 'bodies')) {
      const headers = { 'content-type': 'application/json' };
      await fetch(`${mock.url}?organizationId=${ORGANIZATION}`, { method: 'POST', headers, body });
    }
    const total = mock.total();
    const gated = judge(total, NO_GATES);
    const { sessions } = total.summary;
    expect(total.diagnoses.map(({ diagnosis }) => diagnosis)).toContain(id);
    expect(
      verdictOf({
        sessions,
        gated,
        failOn: 'warning',
        sheetFails: false,
        eventsLost: 0,
        expectSessions: undefined,
        commandCode: 0,
      }),
    ).toBe(1);
  });
});

it('two sessions at Position 0 fail a build: nothing-heard', async () => {
  const plays = atZero(sound(3, { sessions: 2 }));
  expect(await validated(plays, 'nothing-heard')).toEqual({ code: 1, silent: [] });
  expect((await validated(plays, 'position-stuck')).silent).toEqual(FORMATS);
});
