// The table of causes of the README, between its markers: made from the library's CAUSES.
const BEGIN = '<!-- causes -->';
const END = '<!-- /causes -->';

/** The README with its table of causes made anew. */
export function withCauseTable(readme, causes) {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md: expected ${BEGIN} and, after it, ${END}`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${causeTable(causes)}\n${readme.slice(end)}`;
}

function causeTable(causes) {
  const head = [
    '| cause | what it sees in a session | told from | how to mend the player |',
    '|---|---|---|---|',
  ];
  const rows = causes.map(
    ({ id, title, sees, threshold, mend }) => `| \`${id}\`: ${title} | ${sees} | ${threshold} | ${mend} |`,
  );
  return [...head, ...rows, ''].join('\n');
}
