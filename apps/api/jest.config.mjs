import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'api',
  // Jest would leave half of two cores to itself, while a test mostly waits for servers and databases.
  maxWorkers: 2,
  globalSetup: '<rootDir>/test/support/build-server.ts',
};
