import { text } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** A file of a ZIP, in the order of its directory. */
export interface ZippedFile {
  readonly name: string;
  readonly text: string;
  readonly modified: Date;
}

const ID = /(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])/g;

/** Every file of a ZIP. */
export async function unzip(bytes: Buffer): Promise<ZippedFile[]> {
  const zip = await fromBufferPromise(bytes);
  const files: ZippedFile[] = [];
  for await (const entry of zip.eachEntry()) {
    const content = await text(await zip.openReadStreamPromise(entry));
    const modified = entry.getLastModDate({ timezone: 'UTC', forceDosFormat: true });
    files.push({ name: entry.fileName, text: content, modified });
  }
  return files;
}

/**
 * What two exports of the same things have in common, whoever's they are: every file but
 * `profile.json`, each id replaced by a number in the order in which the ids first appear. Two
 * exports are equal once ids are mapped where these bytes are equal.
 */
export async function comparableExport(bytes: Buffer): Promise<Buffer> {
  const numbers = new Map<string, number>();
  const mapped = (content: string): string =>
    content.replace(ID, (id) => {
      const number = numbers.get(id) ?? numbers.size + 1;
      numbers.set(id, number);
      return `<id ${number}>`;
    });
  const files = await unzip(bytes);
  const parts = files
    .filter(({ name }) => name !== 'profile.json')
    .map((file) => `${file.name}\n${mapped(file.text)}`);
  return Buffer.from(parts.join('\n\0\n'));
}
