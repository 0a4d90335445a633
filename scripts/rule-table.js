// The rule table of the README, between its markers: made from what `omny-consume rules --format json` tells.
const BEGIN = '<!-- rules -->';
const END = '<!-- /rules -->';

const SUBJECTS = {
  input: 'Input',
  request: 'Requests',
  event: 'Events',
  session: 'Sessions',
};

/** The README with its rule table made anew. */
export function withRuleTable(readme, rules) {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md: expected ${BEGIN} and, after it, ${END}`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${ruleTable(rules)}\n${readme.slice(end)}`;
}

function ruleTable(rules) {
  const head = ['| rule | severity | fires when | source |', '|---|---|---|---|'];
  const rows = Object.entries(SUBJECTS).flatMap(([subject, heading]) => [
    `| **${heading}** | | | |`,
    ...rules.filter((rule) => rule.subject === subject).map((rule) => row(rule, rules)),
  ]);
  return [...head, ...rows, ''].join('\n');
}

function row({ id, severity, firesWhen, reference }, rules) {
  const anchor = `<a id="${id}"></a>\`${id}\``;
  return `| ${[anchor, severity, marked(firesWhen, rules), reference ?? '-'].join(' | ')} |`;
}

/** What Markdown would take for its own as it stands; options and other rules' ids as code. */
function marked(text, rules) {
  const ids = rules.map(({ id }) => id).filter((id) => id.includes('-'));
  const code = new RegExp(`--[a-z-]+|\\b(?:${ids.join('|')})\\b`, 'g');
  return text.replaceAll(/[|<*[\]]/g, '\\$&').replaceAll(code, '`$&`');
}
