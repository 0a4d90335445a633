/** `expected.json` of fixtures: by name the list of what is found in each, one thing a line. */
export function expectedText(
  fixtures: readonly (readonly [name: string, found: readonly object[]])[],
): string {
  const lists = fixtures.map(([name, found]) => {
    const lines = found.map((each) => `    ${lineOf(each)}`);
    return `  ${JSON.stringify(name)}: ${lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`}`;
  });
  return `{\n${lists.join(',\n')}\n}\n`;
}

function lineOf(found: object): string {
  const properties = Object.entries(found).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{${properties.join(', ')}}`;
}
