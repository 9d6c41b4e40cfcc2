import fc from 'fast-check';
import { JsonScanner, type ValueLimits } from './json-scanner.js';

const LIMITS: ValueLimits = { bytes: 1_000_000, depth: 100 };

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

function scannerOf(text: string | Uint8Array, size = 7): JsonScanner {
  return new JsonScanner(inPieces(Buffer.from(text), size), 'The file');
}

async function elementsOf(scanner: JsonScanner, limits = LIMITS): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const index of scanner.elements()) {
    scanner.place = `conversation ${index + 1}`;
    values.push(await scanner.value(limits));
  }
  scanner.place = '';
  await scanner.end();
  return values;
}

describe('JsonScanner', () => {
  it('reads the elements of every array as JSON.parse does, in pieces of every size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(undefined, 2),
        async (values, size, indent) => {
          const text = JSON.stringify(values, null, indent);
          expect(await elementsOf(scannerOf(text, size))).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it('enters an object in an object and reads what is behind', async () => {
    const scanner = scannerOf(' {"a": {"b\\"": [1, {"c": "]}"}], "d": {}} , "e" : -1.5e3 } ');
    const seen: unknown[] = [];
    for await (const outer of scanner.members()) {
      if (outer !== 'a') {
        seen.push(outer, await scanner.value(LIMITS));
        continue;
      }
      for await (const inner of scanner.members()) seen.push(inner, await scanner.value(LIMITS));
    }
    await scanner.end();
    expect(seen).toEqual(['b"', [1, { c: ']}' }], 'd', {}, 'e', -1500]);
  });

  it('skips a byte order mark', async () => {
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('["ä"]')]);
    expect(await elementsOf(scannerOf(bytes))).toEqual(['ä']);
  });

  it.each([
    ['[{"a":1},{"b":', 'cut off at byte 14, in the middle of conversation 2'],
    ['[{"a":1},', 'cut off at byte 9'],
    ['[1', 'cut off'],
    ['["a', 'cut off'],
    ['', 'cut off'],
    ['[{"a":1},{"b":x}]', 'not valid JSON in conversation 2, behind byte 14'],
    [`[{"a":1},{"ä":"ö" "b":1}]`, 'not valid JSON in conversation 2, at byte 20'],
    ['[1 2]', 'not valid JSON in conversation 1, at byte 3'],
    ['[1,]', 'not valid JSON'],
    ['[1]]', 'not valid JSON at byte 3'],
    ['[{]}', 'not valid JSON in conversation 1'],
    ['[}', 'not valid JSON'],
    ['[:', 'not valid JSON'],
    ['{"a":1}', 'not valid JSON at byte 0'],
  ])('says where a text is wrong: %#', async (text, sentence) => {
    await expect(elementsOf(scannerOf(text))).rejects.toThrow(sentence);
  });

  it.each([
    ['{1:2}', 'not valid JSON at byte 1'],
    ['{"a" 1}', 'not valid JSON at byte 5'],
    ['{"a":1,}', 'not valid JSON at byte 7'],
    ['{"a":', 'cut off at byte 5'],
    [`{"${'n'.repeat(5_000)}":1}`, 'more than 4096 bytes'],
  ])('says where an object is wrong: %#', async (text, sentence) => {
    const read: unknown[] = [];
    const readAll = async () => {
      const scanner = scannerOf(text, 1_000);
      for await (const name of scanner.members()) read.push(name, await scanner.value(LIMITS));
    };
    await expect(readAll()).rejects.toThrow(sentence);
  });

  it('refuses bytes that are no UTF-8, and UTF-16', async () => {
    const broken = Buffer.from([0x5b, 0x22, 0xc3, 0x28, 0x22, 0x5d]);
    await expect(elementsOf(scannerOf(broken))).rejects.toThrow(
      'not valid UTF-8 in conversation 1',
    );
    await expect(elementsOf(scannerOf(Buffer.from('[1]', 'utf16le')))).rejects.toThrow('UTF-16');
  });

  it('refuses a value that is too large or too deep', async () => {
    const limits = { bytes: 100, depth: 3 };
    await expect(elementsOf(scannerOf(`["${'x'.repeat(100)}"]`), limits)).rejects.toThrow(
      'more than 100 bytes in one piece in conversation 1, from byte 1',
    );
    await expect(elementsOf(scannerOf('[[[[[]]]]]'), limits)).rejects.toThrow('3 levels deep');
    expect(await elementsOf(scannerOf('[[[[]]]]'), limits)).toEqual([[[[]]]]);
  });

  it.each([5, 1_000])('refuses a value of too many parts, in pieces of %d bytes', async (size) => {
    const limits = { ...LIMITS, containers: 4 };
    const four = '[{"a":[[],{}]},{"b":[[],{}]}]';
    expect(await elementsOf(scannerOf(four, size), limits)).toEqual(JSON.parse(four));
    const five = '[{"a":[[],{}]},{"b":[[],{},"{}",[]]}]';
    await expect(elementsOf(scannerOf(five, size), limits)).rejects.toThrow(
      'more than 4 lists and objects in one piece in conversation 2, from byte 15 on',
    );
  });
});
