#!/usr/bin/env node
// CommonJS, and nothing that Node.js 10 cannot parse: a version that is too old says so before it meets what it cannot read.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  void import('../dist/cli.js');
} else {
  process.stderr.write(
    `error: omny-consume needs Node.js 20.19 or newer, and this is ${process.version}: install a newer one from https://nodejs.org\n`,
  );
  process.exitCode = 2;
}
