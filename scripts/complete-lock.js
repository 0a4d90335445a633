// Run after `npm install` where the registry does not carry every platform's build of a native tool: npm leaves what it cannot find out
// of package-lock.json, and `npm ci` then refuses the file. Puts those optional packages in, for the platform their names tell.
import { readFileSync, writeFileSync } from 'node:fs';

const OS = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
};
const CPU = {
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
  wasm32: 'wasm32',
};

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const exact = version.replace(/^[^\d]*/, '');
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    if (places.some((place) => lock.packages[place]?.version === exact)) continue;
    const place = places.findLast((free) => !lock.packages[free]);
    if (!place) continue;
    lock.packages[place] = { version: exact, ...platformOf(name), dev: true, optional: true };
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
for (const entry of Object.values(lock.packages)) delete entry.resolved;
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'package-lock.json is complete' : `added ${added.join(', ')}`);

function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.flatMap((word) => OS[word] ?? []);
  const cpu = words.flatMap((word) => CPU[word] ?? []);
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : [];
  return { ...(cpu.length > 0 && { cpu }), ...(libc.length > 0 && { libc }), ...(os.length > 0 && { os }) };
}
