// The generated parts of docs/rules.md, docs/diagnoses.md and docs/formats.md, each between two markers.
const SUBJECTS = {
  input: 'Input',
  request: 'Requests',
  event: 'Events',
  session: 'Sessions',
};

/**
 * A page with its list of rules replaced.
 * @param page The text of docs/rules.md.
 * @param rules `rules` of `omny-consume rules --format json`.
 * @throws Error where the page lacks the markers
 */
export function withRules(page, rules) {
  const ids = rules.map(({ id }) => id).filter((id) => id.includes('-'));
  const code = new RegExp(`--[a-z-]+|\\b(?:${ids.join('|')})\\b`, 'g');
  const marked = (text) => text.replaceAll(/[|<*[\]]/g, '\\$&').replaceAll(code, '`$&`');
  const sections = Object.entries(SUBJECTS).flatMap(([subject, heading]) => [
    `## ${heading}`,
    '',
    ...rules
      .filter((rule) => rule.subject === subject)
      .flatMap(({ id, severity, reference, firesWhen, why, mend }) => [
        `### ${id}`,
        '',
        `**${severity}**${reference ? ` (${reference})` : ''}: ${marked(firesWhen)}`,
        '',
        `- Why: ${marked(why)}`,
        `- How to fix it: ${marked(mend)}`,
        '',
      ]),
  ]);
  return between(page, 'rules', sections);
}

/**
 * A page with its list of diagnoses replaced.
 * @param page The text of docs/diagnoses.md.
 * @throws Error where the page lacks the markers
 */
export function withDiagnoses(page, diagnoses) {
  const sections = diagnoses.flatMap(({ id, severity, title, sees, threshold, mend }) => [
    `## ${id}`,
    '',
    `**${severity}**: ${title}.`,
    '',
    `- Evidence in a session: ${sees}`,
    `- Reported when: ${threshold}`,
    `- How to fix the player: ${mend}`,
    '',
  ]);
  return between(page, 'diagnoses', sections);
}

/**
 * A page with its table of the shapes of tables replaced. `OrganizationId` is left out: the text below the table tells of it.
 * @param page The text of docs/formats.md.
 * @throws Error where the page lacks the markers
 */
export function withShapes(page, shapes) {
  const columnsOf = (columns) =>
    columns
      .map((names) => [names].flat())
      .filter(([name]) => name !== 'OrganizationId')
      .map((names) => names.map((name) => `\`${name}\``).join(' or '))
      .join(', ');
  const rows = shapes
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, row, required, optional, rowIsSession, chosenWhen }) => {
      const [needed, others] = rowIsSession
        ? [required, optional]
        : [[...new Set([...required, 'SessionId'])], optional.filter((column) => column !== 'SessionId')];
      return `| \`${name}\` | ${row} | ${columnsOf(needed)} | ${columnsOf(others)} | ${chosenWhen} |`;
    });
  return between(page, 'shapes', [
    '| shape | a row is | needed columns | optional columns | chosen when |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ]);
}

const NEEDED = {
  sessions: 'any input',
  requests: 'request bodies',
  exchanges: 'a HAR, or the mock',
};

/**
 * A page with its list of behaviours replaced.
 * @param page The text of docs/certify.md.
 * @throws Error where the page lacks the markers
 */
export function withBehaviours(page, behaviours) {
  const rows = behaviours.map(({ id, title, needs }) => `| [${id}](#${id}) | ${title} | ${NEEDED[needs]} |`);
  const sections = behaviours.flatMap(({ id, title, how, right, wrong, fix, limits }) => [
    `### ${id}`,
    '',
    `**${title}.**`,
    '',
    `- To show it: ${how}`,
    `- Right: ${right}.`,
    ...wrongLines(wrong.split('; ')),
    `- How to fix the player: ${fix}`,
    ...(limits === null ? [] : [`- What looks the same: ${limits}`]),
    '',
  ]);
  const head = ['## Behaviours', '', '| behaviour | the player | can be seen in |', '|---|---|---|'];
  return between(page, 'behaviours', [...head, ...rows, '', ...sections]);
}

/** @param conditions Each is enough. */
function wrongLines(conditions) {
  if (conditions.length === 1) return [`- Wrong: ${conditions[0]}.`];
  return ['- Wrong if one of these is true:', ...conditions.map((condition) => `  - ${condition}`)];
}

function between(page, name, lines) {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- /generated: ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`Expected ${begin} and, after it, ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${lines.join('\n')}\n${page.slice(to)}`;
}
