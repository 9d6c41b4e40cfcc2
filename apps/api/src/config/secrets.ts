import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolder } from '@chat/embedded-mongo';
import { ConfigError, type AppConfig } from './app-config.js';

const JWT_SECRET_FILE = 'jwt.secret';
const SECRET_BYTES = 32;

/**
 * The key that signs access tokens: `JWT_SECRET`, or one that is generated into the data directory
 * at the first start and readable by its owner alone.
 *
 * @throws ConfigError where the data directory cannot be used.
 */
export async function loadJwtSecret(config: AppConfig): Promise<string> {
  if (config.jwtSecret !== undefined) return config.jwtSecret;
  const file = join(config.dataDir, JWT_SECRET_FILE);
  try {
    return (await readIfPresent(file)) ?? (await create(config.dataDir, file));
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      `DATA_DIR "${config.dataDir}" cannot be used (${code}): it must be a folder that this user may write to.`,
    );
  }
}

/**
 * Writes beside and links into place: two processes that start together end up with one secret,
 * and none ever reads half of one.
 */
async function create(dataDir: string, file: string): Promise<string> {
  createFolder(dataDir);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, randomBytes(SECRET_BYTES).toString('hex'), { mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
