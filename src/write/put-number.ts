import { jsonText } from '../wire/json.js';

const [ZERO, POINT] = Buffer.from('0.') as unknown as [number, number];

/** Writes text; gives where it ends. */
export function putText(bytes: Uint8Array, at: number, text: Uint8Array): number {
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text[index]!;
  return at + text.length;
}

/** Writes a number as `jsonText` does; gives where it ends. */
export function putNumber(bytes: Buffer, at: number, value: number): number {
  if (isSmall(value)) return putWhole(bytes, at, value);
  const thousandths = Math.round(value * 1000);
  if (isSmall(thousandths) && thousandths / 1000 === value) return putThousandths(bytes, at, thousandths);
  return at + bytes.write(jsonText(value), at, 'latin1');
}

/** Whether a number is written in digits alone, and fits 31 bits. */
function isSmall(value: number): boolean {
  return (value | 0) === value && value >= 0;
}

function putWhole(bytes: Uint8Array, at: number, value: number): number {
  let end = at + 1;
  for (let power = 10; value >= power; power *= 10) end += 1;
  let left = value;
  for (let place = end - 1; place >= at; place -= 1) {
    const rest = (left / 10) | 0;
    bytes[place] = ZERO + left - rest * 10;
    left = rest;
  }
  return end;
}

/** Thousandths as `String` writes the quotient: of so few digits there is no shorter way to tell it from its neighbours. */
function putThousandths(bytes: Uint8Array, at: number, thousandths: number): number {
  const whole = (thousandths / 1000) | 0;
  const rest = thousandths - whole * 1000;
  let end = putWhole(bytes, at, whole);
  if (rest === 0) return end;
  bytes[end] = POINT;
  for (let left = rest, unit = 100; left > 0; unit /= 10) {
    const digit = (left / unit) | 0;
    end += 1;
    bytes[end] = ZERO + digit;
    left -= digit * unit;
  }
  return end + 1;
}
