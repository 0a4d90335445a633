// TypeScript as the JavaScript that it is without its types: all else, comments too, stands as it was written.
import { parseSync } from 'rolldown/utils';

/**
 * @param {string} name What errors call the source.
 * @param {string} source Of types that can be left out: no enums, no namespaces, no parameter properties.
 */
export function stripTypes(name, source) {
  const { program, errors } = parseSync(name, source);
  if (errors.length > 0) throw new Error(`${name}: ${errors[0].message}`);
  const cuts = [];
  collect(program, cuts);
  let text = source;
  for (const [from, to] of cuts.toSorted(([a], [b]) => b - a)) text = text.slice(0, from) + text.slice(to);
  return text;
}

/** Collects where types stand below a node. */
function collect(node, cuts) {
  if (Array.isArray(node)) for (const each of node) collect(each, cuts);
  if (typeof node?.type !== 'string') return;
  if (node.type === 'TSNonNullExpression' || node.type === 'TSAsExpression') {
    cuts.push([node.expression.end, node.end]);
    collect(node.expression, cuts);
  } else if (node.type.startsWith('TS')) {
    cuts.push([node.start, node.end]);
  } else {
    // The question mark of a parameter.
    if (node.optional && node.typeAnnotation)
      cuts.push([node.start + node.name.length, node.typeAnnotation.start]);
    for (const value of Object.values(node)) if (typeof value === 'object') collect(value, cuts);
  }
}
