// Makes mutants of a source file: small changes of its logic, all of them in one text, of which a global number turns one on.
import { parseAst } from 'rolldown/parseAst';

const OPERATORS = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '&&': ['||'],
  '||': ['&&'],
};
const METHODS = { some: 'every', every: 'some', min: 'max', max: 'min', find: 'findLast', findLast: 'find' };
const DROPPED = new Set(['toLowerCase', 'trim', 'filter', 'toSorted']);
/** Strings with spaces in them are words for people: what they say is not logic. */
const NO_WORDS = /^[\w-]{1,24}$/;
/** Properties of a rule whose values are closed types: the compiler refuses any other string there. */
const CLOSED = new Set(['id', 'level', 'needs', 'severity', 'unless']);
const WITH_EXPRESSION = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);

/**
 * @param {string} source TypeScript.
 * @param {string} file Its name in what is told.
 * @param {number} first The number of its first mutant.
 * @returns {{ code: string, mutants: { id: number, file: string, line: number, from: string, to: string, early: boolean }[] }}
 * `early`: of code that runs when the module is loaded.
 */
export function withMutants(source, file, first) {
  const mutants = [];
  let functions = 0;
  const lineOf = (offset) => source.slice(0, offset).split('\n').length;

  const text = (node) => {
    if (node.type === 'Property' && CLOSED.has(node.key.name)) return source.slice(node.start, node.end);
    if (isType(node) || /^Import|^ExportSpecifier/.test(node.type)) return source.slice(node.start, node.end);
    const inFunction = /Function|MethodDefinition/.test(node.type);
    if (inFunction) functions += 1;
    const inner = [];
    let at = node.start;
    for (const child of childrenOf(node)) {
      inner.push(source.slice(at, child.start), text(child));
      at = child.end;
    }
    inner.push(source.slice(at, node.end));
    if (inFunction) functions -= 1;
    const [open, close] = node.type === 'ExpressionStatement' ? ['{', '}'] : ['(', ')'];
    let whole = inner.join('');
    for (const to of mutationsOf(node, source)) {
      const id = first + mutants.length;
      const from = source.slice(node.start, node.end);
      mutants.push({ id, file, line: lineOf(node.start), from, to, early: functions === 0 });
      const on = `globalThis.activeMutant === ${id}`;
      whole = open === '{' ? `if (${on}) {} else {${whole}}` : `${open}${on} ? ${to} : ${whole}${close}`;
    }
    return whole;
  };
  const code = text(parseAst(source, { lang: 'ts' }));
  return { code, mutants };
}

function isType({ type }) {
  return type.startsWith('TS') && !WITH_EXPRESSION.has(type);
}

/** The nodes directly below, in the order of the text. */
function childrenOf(node) {
  const skipped = new Set([
    'typeAnnotation',
    'typeArguments',
    'typeParameters',
    'returnType',
    'superTypeArguments',
  ]);
  if ((node.type === 'Property' || node.type === 'MethodDefinition') && !node.computed) skipped.add('key');
  if (node.type === 'Property' && node.shorthand) skipped.add('key');
  if (node.type === 'TemplateLiteral') skipped.add('quasis');
  if (node.type === 'ChainExpression') return [];
  return Object.entries(node)
    .filter(([name]) => !skipped.has(name))
    .flatMap(([, value]) => value)
    .filter((value) => typeof value?.type === 'string' && typeof value.start === 'number')
    .toSorted((a, b) => a.start - b.start);
}

/** The texts that may stand in a node's place. */
function mutationsOf(node, source) {
  const of = ({ start, end }) => `(${source.slice(start, end)})`;
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      if (node.operator === '??') return [of(node.left)];
      const ways = OPERATORS[node.operator] ?? [];
      return ways.map((operator) => `${of(node.left)} ${operator} ${of(node.right)}`);
    }
    case 'UnaryExpression':
      return node.operator === '!' ? [of(node.argument)] : [];
    case 'ConditionalExpression':
      return [of(node.consequent), of(node.alternate)];
    case 'Literal':
      if (typeof node.value === 'number') return [String(node.value + 1)];
      if (typeof node.value === 'boolean') return [String(!node.value)];
      return typeof node.value === 'string' && NO_WORDS.test(node.value) ? ['""'] : [];
    case 'CallExpression': {
      const { callee, arguments: given } = node;
      const name = callee.type === 'MemberExpression' && !callee.computed ? callee.property.name : '';
      const call = source.slice(callee.end, node.end);
      if (Object.hasOwn(METHODS, name)) return [`${of(callee.object)}.${METHODS[name]}${call}`];
      return DROPPED.has(name) && given.length < 2 ? [of(callee.object)] : [];
    }
    case 'ExpressionStatement':
      return node.expression.type === 'CallExpression' ? ['nothing'] : [];
    default:
      return [];
  }
}
