import workspace from '../../eslint.config.mjs';

export default [
  ...workspace,
  {
    files: ['**/*.ts'],
    rules: {
      // It follows the members of recursive types, such as a BSON value, until the stack is full.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
];
