/**
 * What every Jest project of the workspace shares.
 *
 * Jest runs in CommonJS mode and transforms every file, those of packages too: several of the
 * packages we use (NestJS 12 among them) are published as ES modules only, and Jest's native
 * support for those is still experimental. SWC emits the decorator metadata that NestJS reads.
 */
const commonjs = { module: { type: 'commonjs' } };

export default {
  testEnvironment: 'node',
  // A busy machine takes many times as long; what a test says about time, it measures itself.
  testTimeout: 120_000,
  testMatch: ['<rootDir>/{src,test}/**/*.spec.ts'],
  testEnvironmentOptions: { customExportConditions: ['@chat/source', 'node', 'node-addons'] },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transformIgnorePatterns: [],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        ...commonjs,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
        },
      },
    ],
    '^.+\\.(m?js)$': [
      '@swc/jest',
      {
        ...commonjs,
        isModule: 'unknown',
        jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } },
      },
    ],
  },
};
