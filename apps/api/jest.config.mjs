import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'api',
  globalSetup: '<rootDir>/test/support/build-server.ts',
};
