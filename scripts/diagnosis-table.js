// The table of diagnoses of the README, between its markers: made from the library's DIAGNOSES.
const BEGIN = '<!-- diagnoses -->';
const END = '<!-- /diagnoses -->';

/** The README with its table of diagnoses made anew. */
export function withDiagnosisTable(readme, diagnoses) {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md: expected ${BEGIN} and, after it, ${END}`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${diagnosisTable(diagnoses)}\n${readme.slice(end)}`;
}

function diagnosisTable(diagnoses) {
  const head = [
    '| diagnosis | what it sees in a session | told from | how to mend the player |',
    '|---|---|---|---|',
  ];
  const rows = diagnoses.map(
    ({ id, title, sees, threshold, mend }) => `| \`${id}\`: ${title} | ${sees} | ${threshold} | ${mend} |`,
  );
  return [...head, ...rows, ''].join('\n');
}
