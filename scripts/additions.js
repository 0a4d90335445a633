// What a new rule, diagnosis, behaviour, report format or shape of tables consists of: the files, and the lines in files that are there.
// Each works at once by a placeholder condition: a session that begins at a moment long past, one for each id, which no other test data has.

const STARTED_AT = 1762228871;
const IDS = {
  OrganizationId: '126281f8-200e-4c9f-8378-a4870055423b',
  ClipId: '9b5c82f7-74cf-4841-a870-a670017cc8eb',
};

/**
 * By kind: takes the id and what is there, and gives `files` (texts by path) and `edits` (a text before or after the first place of another
 * one in a file).
 */
export const ADDITIONS = { rule, diagnosis, behaviour, format, shape };

/** The placeholder of an id: Unix seconds from 2001 to 2007. */
function momentOf(id) {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) % 199_999_991;
  return 1_000_000_000 + hash;
}

/** A number as source code has it: `1_000_000_000`. */
const literal = (n) => n.toLocaleString('en-US').replaceAll(',', '_');
const camel = (id) => id.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const ndjson = (values) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** A minute of listening. */
function session(number, began) {
  const SessionId = `0d6b3a52-1f0e-4a55-9c1e-${String(number).padStart(12, '0')}`;
  return [
    { ...IDS, SessionId, Type: 'Start', Position: 0, SeqNumber: 1, Timestamp: began },
    { ...IDS, SessionId, Type: 'Stop', Position: 61.25, SeqNumber: 2, Timestamp: began + 61 },
  ];
}

function rule(id, { level, severity, reference, read, list }) {
  const name = camel(id);
  const known = ruleIds(read);
  const ofLevel = list(`src/rules/${level}`).map((file) => file.replace(/\.ts$/, ''));
  const last = known.findLast((other) => ofLevel.includes(other));
  const row = /^ {2}\['LAST', .*\],\n/m.source.replace('LAST', last);
  const [catalogueRow] = new RegExp(row, 'm').exec(read('test/rules/catalogue.ts'));
  return {
    files: { [`src/rules/${level}/${id}.ts`]: ruleFile(id, { level, severity, reference }) },
    edits: [
      { path: 'src/domain/finding.ts', after: `  '${last}',\n`, text: `  '${id}',\n` },
      {
        path: 'src/rules/index.ts',
        before: 'import type { RuleId }',
        text: `import { ${name} } from './${level}/${id}.js';\n`,
      },
      { path: 'src/rules/index.ts', after: `  '${last}': ${camel(last)},\n`, text: `  '${id}': ${name},\n` },
      {
        path: 'test/rules/catalogue.ts',
        after: catalogueRow,
        text: `  ['${id}', '${severity}', '${reference}'],\n`,
      },
      ...(level === 'request'
        ? [
            {
              path: 'src/mock/page/client/request-log.ts',
              after: "  'source-reserved',\n",
              text: `  '${id}',\n`,
            },
          ]
        : []),
      fault(id, level, severity),
      ...naive(id, level, severity),
    ],
  };
}

function ruleIds(read) {
  const [, text] = /RULE_IDS = \[([^\]]*)\]/.exec(read('src/domain/finding.ts'));
  return [...text.matchAll(/'([^']+)'/g)].map(([, each]) => each);
}

function ruleFile(id, { level, severity, reference }) {
  const check = {
    event: `  sees: 'columns',
CONTRACT
  check({ timestamps }, from, to, report) {
    for (let i = from; i < to; i += 1) {
      if (timestamps[i] === PLACEHOLDER) report(i, pointerTo('Timestamp'), problem);
    }
  },`,
    request: `CONTRACT
  checkSession({ session: { timestamps } }, report, request) {
    if (request && timestamps[0] === PLACEHOLDER) report(0, problem);
  },`,
    session: `  needs: 'valid',
CONTRACT
  check({ timestamps }, report) {
    if (timestamps[0] === PLACEHOLDER) report(0, problem);
  },`,
  }[level].replace(
    'CONTRACT',
    `  severity: '${severity}',
  title: 'TODO: what it finds, in a few words',
  why: 'TODO: why it matters, resting on what the API document says.',
  mend: 'TODO: what usually causes it, and how to fix the player.',
  reference: '${reference}',`,
  );
  const makes = level === 'request' ? ['bodiesExample', 'exampleBody'] : ['eventsExample'];
  const example = (events) =>
    level === 'request' ? `bodiesExample(exampleBody(${events}))` : `eventsExample(${events})`;
  return `import { STARTED_AT, changeAll, ${makes.join(', ')}, MINUTE } from '../../guide/guide.js';
import { defineRule, type Problem } from '../define.js';
${level === 'event' ? "import { pointerTo } from '../words.js';\n" : ''}
/** TODO: the rule's condition; until then, a moment that no data has. */
const PLACEHOLDER = ${literal(momentOf(id))};

const problem = (): Problem => ({
  expected: 'TODO: the value wanted, as a phrase',
  received: 'TODO: the value seen, as a phrase',
});

export const ${camel(id)} = defineRule({
  id: '${id}',
  level: '${level}',
${check}
  guide: () => ({
    firesWhen: 'TODO: the condition, exactly',
    inferred: null,
    broken: ${example('changeAll(MINUTE, ({ Timestamp }) => ({ Timestamp: Number(Timestamp) - STARTED_AT + PLACEHOLDER }))')},
    fixed: ${example('MINUTE')},
    shows: ['Type', 'Timestamp'],
  }),
});
`;
}

/** A fault that makes sessions draw this rule and no other. */
function fault(id, level, severity) {
  const end = '} as const satisfies Record<string, Fault>;';
  const todo = `  // TODO: break sessions so that ${id} finds something in them: also the plain session, two intervals of 30 s, 20 s apart. Add events if it is too short.\n`;
  const moved = `for (const event of events) event.timestamp += ${literal(momentOf(id))} - begins;`;
  const path = { event: 'event-faults', request: 'request-faults', session: 'listening-faults' }[level];
  const brokenEvent = `  '${id}': every((raw) => {
    raw.Timestamp = ${literal(momentOf(id))};
  }),
`;
  const validEvent = `  '${id}': {
    carrier: 'any',
    break(input) {
      const { events } = input;
      const begins = events[0]!.timestamp;
      ${moved}
      const times = events.filter(({ timestamp }) => timestamp === ${literal(momentOf(id))}).length;
      return { events: asSimulated(events, input), times };
    },
  },
`;
  const text = {
    event: severity === 'error' ? brokenEvent : validEvent,
    request: `  '${id}': {
    carrier: 'bodies',
    break(input) {
      const { events } = input;
      const begins = events[0]!.timestamp;
      ${moved}
      return { events: asSimulated(events, input), requests: [bodyOf(events, input)] };
    },
  },
`,
    session: `  '${id}': listening((events) => shiftClock(events, 0, ${literal(momentOf(id))} - events[0]!.timestamp)),
`,
  }[level];
  return { path: `src/simulate/faults/${path}.ts`, before: end, text: todo + text };
}

/** The second reading of the rule; an event that meets an error is not valid. */
function naive(id, level, severity) {
  const todo = `// TODO: ${id}, read a second time.\n`;
  const condition = {
    event: {
      path: 'test/rules/naive-event.ts',
      before: '  for (const key of unknownProperties(value, FIELDS',
      text: `  ${todo}  if (timestamp === ${literal(momentOf(id))}) report('${id}', '/Timestamp');\n`,
    },
    request: {
      path: 'test/rules/naive.ts',
      before: "      if (distinct(session, 'OrganizationId') > 1) continue;",
      text: `      ${todo}      if (session[0]?.value.Timestamp === ${literal(momentOf(id))}) reportAt(session[0], '${id}');\n`,
    },
    session: {
      path: 'test/rules/naive-session.ts',
      before: "  if (isStart(kept.at(-1))) report('session-open', kept.at(-1));",
      text: `  ${todo}  if (kept[0]?.value.Timestamp === ${literal(momentOf(id))}) report('${id}', kept[0]);\n`,
    },
  }[level];
  const errors = { path: 'test/rules/naive-event.ts', after: "  'timestamp-unit',\n", text: `  '${id}',\n` };
  return level === 'event' && severity === 'error' ? [condition, errors] : [condition];
}

function diagnosis(id, { read }) {
  const moment = momentOf(id);
  const known = [
    .../DIAGNOSIS_IDS = \[([^\]]*)\]/.exec(read('src/domain/finding.ts'))[1].matchAll(/'([^']+)'/g),
  ];
  const last = known.at(-1)[1];
  return {
    files: {
      [`src/diagnoses/${id}.ts`]: diagnosisFile(id),
      [`fixtures/diagnoses/${id}/reported-placeholder.ndjson`]: ndjson([
        ...session(1, moment),
        ...session(2, moment),
      ]),
      [`fixtures/diagnoses/${id}/silent-placeholder.ndjson`]: ndjson([
        ...session(1, moment),
        ...session(2, STARTED_AT),
      ]),
      [`fixtures/diagnoses/${id}/expected.json`]: json({
        'silent-placeholder.ndjson': [],
        'reported-placeholder.ndjson': [{ diagnosis: id, sessions: 2, of: 2 }],
      }),
    },
    edits: [
      { path: 'src/domain/finding.ts', after: `  '${last}',\n`, text: `  '${id}',\n` },
      {
        path: 'src/diagnoses/diagnoses.ts',
        before: 'import { pausesNotReported, seeksNotReported }',
        text: `import { ${camel(id)} } from './${id}.js';\n`,
      },
      {
        path: 'src/diagnoses/diagnoses.ts',
        after: `  '${last}': ${camel(last)},\n`,
        text: `  '${id}': ${camel(id)},\n`,
      },
      {
        path: 'test/diagnoses/thresholds.test.ts',
        before: "it('session-id-kept is told of",
        text: `// TODO: the limits of ${id}: how many sessions, what share of them, and where what it looks for begins.
it('${id} is told of 2 sessions, and 1 %', () => {
  const end = (shown: number, sessions: number) => {
    const watch = watchFor('${id}');
    for (const n of many(shown)) watch.look(seenOf('Start 0 @${moment}, Stop 60 @${moment + 60}', n));
    return watch.end({ sessions });
  };
  expect(end(2, 200)).toMatchObject({ sessions: 2, of: 200 });
  expect(end(2, 201)).toBeNull();
  expect(end(1, 1)).toBeNull();
});

`,
      },
      {
        path: 'test/diagnoses/player-bugs.ts',
        before: "  'stamps-at-flush': eachEvent(",
        text: `  // TODO: the player's bug behind ${id}.
  '${id}': eachEvent(({ Timestamp }, _, play) => ({ Timestamp: Timestamp - play[0]!.Timestamp + ${literal(momentOf(id))} })),
`,
      },
    ],
  };
}

function diagnosisFile(id) {
  return `import { CERTAIN, defineDiagnosis, shownIn } from './define.js';

/** TODO: what shows in a session; until then, a moment at which none begins. */
const PLACEHOLDER = ${literal(momentOf(id))};

export const ${camel(id)} = defineDiagnosis({
  id: '${id}',
  // TODO: keep warning, or make it info if correct players can cause it.
  severity: 'warning',
  title: 'TODO: the bug, in a few words',
  sees: 'TODO: what shows in a session',
  // TODO: keep this threshold, or change it here and in \`end\`.
  threshold: 'at least 2 sessions, and at least 1 % of all sessions',
  mend: 'TODO: how to fix the player.',
  // TODO: the rules whose findings it explains; [] if there are none.
  rules: ['session-open'],
  watch: () => ({
    look: ({ session }) => session.timestamps[0] === PLACEHOLDER,
    end: (part) => shownIn(part, part.overview.sessions, CERTAIN, { show: 'TODO: what shows in them' }),
  }),
});
`;
}

function behaviour(id, { read }) {
  const moment = momentOf(id);
  const known = /BEHAVIOUR_IDS = \[([^\]]*)\]/.exec(read('src/certify/define.ts'))[1];
  const last = [...known.matchAll(/'([^']+)'/g)].at(-1)[1];
  const folder = `fixtures/certify/${id}`;
  const seen = (verdict) => ({
    behaviour: id,
    verdict,
    right: verdict === 'right' ? 1 : 0,
    wrong: verdict === 'wrong' ? 1 : 0,
    observations: [`line 1, session ${session(1, moment)[0].SessionId}: TODO: what was seen.`],
  });
  const read1 = { sessions: 1, requests: 0 };
  return {
    files: {
      [`src/certify/behaviours/${id}.ts`]: behaviourFile(id),
      [`${folder}/right-placeholder.ndjson`]: ndjson(session(1, moment)),
      [`${folder}/wrong-placeholder.ndjson`]: ndjson(session(1, moment + 1)),
      [`${folder}/not-seen-placeholder.ndjson`]: ndjson(session(1, STARTED_AT)),
      [`${folder}/expected.json`]: fixtureLists({
        'not-seen-placeholder.ndjson': [read1],
        'right-placeholder.ndjson': [seen('right'), read1],
        'wrong-placeholder.ndjson': [seen('wrong'), read1],
      }),
    },
    edits: [
      { path: 'src/certify/define.ts', after: `  '${last}',\n`, text: `  '${id}',\n` },
      {
        path: 'src/certify/behaviours/index.ts',
        before: 'import { severalSessionsInARequest }',
        text: `import { ${camel(id)} } from './${id}.js';\n`,
      },
      {
        path: 'src/certify/behaviours/index.ts',
        after: `  '${last}': ${camel(last)},\n`,
        text: `  '${id}': ${camel(id)},\n`,
      },
      {
        path: 'src/simulate/script.ts',
        after: '    const { speed } = player;\n',
        text: `    // TODO: what shows ${id}, at a place that fits; delete this line if it needs requests, or is shown already.\n`,
      },
      {
        path: 'test/recorder/tester.ts',
        after: '  async #oneClip(): Promise<void> {\n    await this.next();\n',
        text: `    // TODO: what shows ${id} in a page, at a place that fits; delete this line if a page cannot show it, or shows it already.\n`,
      },
    ],
  };
}

/** A list of things for each fixture, a thing a line, as tests record it. */
function fixtureLists(lists) {
  const line = (found) =>
    `    {${Object.entries(found)
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(', ')}}`;
  const texts = Object.entries(lists).map(
    ([name, found]) => `  ${JSON.stringify(name)}: [\n${found.map(line).join(',\n')}\n  ]`,
  );
  return `{\n${texts.join(',\n')}\n}\n`;
}

function behaviourFile(id) {
  return `import { defineBehaviour } from '../define.js';

/** TODO: what shows in a session; until then, moments at which none begins. */
const RIGHT = ${literal(momentOf(id))};
const WRONG = ${literal(momentOf(id) + 1)};

export const ${camel(id)} = defineBehaviour({
  id: '${id}',
  title: 'TODO: what the player does, as Pauses and continues',
  how: 'TODO: what a person does with the player to show it.',
  right: 'TODO: the condition, exactly',
  wrong: 'TODO: the condition, exactly, with its rules and diagnoses in backticks',
  fix: 'TODO: how to fix a player that does it wrong.',
  // TODO: what looks the same and is not.
  limits: null,
  // TODO: what an input must hold to show it: sessions, requests or exchanges. With sessions, the profile tester of simulate must show it.
  needs: 'exchanges',
  diagnoses: [],
  look({ session, note }, found) {
    if (session.timestamps[0] === RIGHT) found.right(note, () => 'TODO: what was seen.');
    if (session.timestamps[0] === WRONG) found.wrong(note, () => 'TODO: what was seen.');
  },
});
`;
}

function format(id, { read, list }) {
  const reporters = 'src/cli/validate/reporters';
  const holding = (text) =>
    list(reporters)
      .map((file) => `${reporters}/${file}`)
      .find((path) => path.endsWith('.ts') && fileText(read, path).includes(text));
  const types = holding('export interface Reported ');
  const name = camel(id);
  const [known] = /REPORT_FORMATS = \[[^\]]*?(?=,?\s*\])/.exec(read(holding('REPORT_FORMATS = [')));
  const outputs = read('docs/outputs.md');
  const row = outputs.split('\n').find((line) => line.startsWith('| `github` |'));
  return {
    files: {
      [`${reporters}/${id}.ts`]: `import type { Reported } from '${types.replace(reporters, '.').replace(/\.ts$/, '.js')}';

/** TODO: what the format is for, and where it is defined. */
export function* ${name}({ report: { findings } }: Reported): Generator<string> {
  yield \`\${findings.length}\\n\`;
}
`,
      [`test/cli/validate/golden/report.${id}`]: '',
    },
    edits: [
      { path: holding('REPORT_FORMATS = ['), after: known, text: `, '${id}'` },
      {
        path: `${reporters}/index.ts`,
        after: "  github: async () => (await import('./github.js')).github,\n",
        text: `  '${id}': async () => (await import('./${id}.js')).${name},\n`,
      },
      {
        path: 'test/cli/validate/golden.test.ts',
        after: "  github: 'github.txt',\n",
        text: `  '${id}': 'report.${id}',\n`,
      },
      { path: 'docs/outputs.md', after: `${row}\n`, text: `| \`${id}\` | TODO | TODO |\n` },
    ],
  };
}

function shape(id, { read }) {
  const [, names] = /SHAPE_NAMES = \[([^\]]*)\]/.exec(read('src/read/table-options.ts'));
  const last = names.trim().replace(/,$/, '').split(', ').at(-1);
  const constant = id.toUpperCase().replaceAll('-', '_');
  return {
    files: { [`src/table/shapes/${id}.ts`]: shapeFile(id, constant) },
    edits: [
      { path: 'src/read/table-options.ts', after: last, text: `, '${id}'` },
      {
        path: 'src/table/shapes/index.ts',
        before: 'import { columnsOf, missingColumns',
        text: `import { ${constant} } from './${id}.js';\n`,
      },
      { path: 'src/table/shapes/index.ts', before: ', SESSIONS];', text: `, ${constant}` },
      {
        path: 'test/table/as-rows.ts',
        before: '  pings: (events) =>',
        text: `  // TODO: sessions as rows of the shape ${id}, without the rows of another.
  '${id}': (events) => ROWS.intervals(events),
`,
      },
    ],
  };
}

/** A shape whose rows are intervals, in columns that are there. */
function shapeFile(id, constant) {
  const [start, stop] = session(1, STARTED_AT);
  return `import { type CellFault, readable } from '../cell-values.js';
import { type Cells, needed, type RowCells } from '../row-cells.js';
import type { IntervalRow } from '../rows.js';
import { intervalReader } from './intervals.js';
import type { Shape } from './shape.js';

/** TODO: what a row is, and which columns say it; until then, an interval. Columns are named in \`columns.ts\`. */
export const ${constant}: Shape = {
  name: '${id}',
  row: 'TODO: what one row is, as a phrase',
  required: ['ClipId', 'StartedAt', 'EndedAt', 'StartPosition', 'EndPosition'],
  optional: ['SessionId', 'OrganizationId', 'Source', 'ClipDuration'],
  example: [
    ['OrganizationId', 'ClipId', 'SessionId', 'StartedAt', 'EndedAt', 'StartPosition', 'EndPosition'],
    [
      '${start.OrganizationId}',
      '${start.ClipId}',
      '${start.SessionId}',
      '${new Date(start.Timestamp * 1000).toISOString().replace('.000', '')}',
      '${new Date(stop.Timestamp * 1000).toISOString().replace('.000', '')}',
      '${start.Position}',
      '${stop.Position}',
    ],
  ],
  chosenWhen: 'only with \`--shape ${id}\`',
  fits: () => false,
  rowIsSession: false,
  // TODO: the column that says how much was played, for messages. Where a row is no interval, a reader as in \`pings.ts\` or \`sessions.ts\`.
  reader: intervalReader(readRow, () => 'EndPosition'),
};

function readRow(row: RowCells, cells: Cells): IntervalRow | CellFault {
  return readable(() => {
    // TODO: the interval that a row says.
    const startedAtMs = needed('StartedAt', row.timeMs(cells, 'StartedAt'), 'a time');
    const endedAtMs = needed('EndedAt', row.timeMs(cells, 'EndedAt'), 'a time');
    return {
      organization: row.organization(cells),
      clip: row.id(cells, 'ClipId'),
      sessionId: row.id(cells, 'SessionId'),
      source: row.source(cells),
      clipDurationMs: row.clipDurationMs(cells),
      startPositionMs: needed('StartPosition', row.lengthMs(cells, 'StartPosition'), 'a position'),
      endPositionMs: needed('EndPosition', row.lengthMs(cells, 'EndPosition'), 'a position'),
      startedAtMs,
      endedAtMs,
      derivedClockMs: endedAtMs - startedAtMs,
      startGiven: true,
      column: 'EndPosition',
    };
  });
}
`;
}

function fileText(read, path) {
  try {
    return read(path);
  } catch {
    return '';
  }
}
