/**
 * Writes the documents that the code decides: `docs/openapi.json`, `docs/openapi.yaml`, the table of
 * variables in README.md and `docker/.env.example`. With `--check`, fails instead where a committed
 * file is not what the code says.
 */
import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { format, resolveConfig } from 'prettier';
import { AppModule } from '../src/app.module.js';
import { buildOpenApiDocument, toYaml } from '../src/openapi/document.js';
import { readConfig } from '../src/config/app-config.js';
import { environmentExample, withConfigurationTable } from './configuration-docs.js';

const ROOT = new URL('../../../', import.meta.url);

// A preview knows every route and starts nothing: no database is needed.
const app = await NestFactory.create<NestFastifyApplication>(
  AppModule.forRoot({
    config: readConfig({}),
    databaseUri: 'mongodb://127.0.0.1/never-connected',
    jwtSecret: 'never used to sign anything',
  }),
  new FastifyAdapter(),
  { preview: true, logger: ['error'] },
);
const document = buildOpenApiDocument(app);
const readme = fileURLToPath(new URL('README.md', ROOT));
const files = {
  'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'docs/openapi.yaml': toYaml(document),
  // As `npm run format` leaves it, or each of the two would undo the other.
  'README.md': await format(withConfigurationTable(await readFile(readme, 'utf8')), {
    ...(await resolveConfig(readme)),
    filepath: readme,
  }),
  'docker/.env.example': environmentExample(),
};

for (const [name, text] of Object.entries(files)) {
  const file = new URL(name, ROOT);
  if (!process.argv.includes('--check')) {
    await writeFile(file, text);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(
      `${name} is not what the code says. Run "npx nx run api:docs" and commit the result.\n`,
    );
    process.exitCode = 1;
  }
}
process.exit();
