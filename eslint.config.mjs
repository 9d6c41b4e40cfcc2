import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

/** What each project may import: the doors of docs/architecture.md. There is no `*` fallback. */
const doors = [
  { sourceTag: 'scope:contract', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:embedded-mongo', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:conversation', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:text-search', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:scripted-provider', onlyDependOnLibsWithTags: [] },
  {
    sourceTag: 'scope:api',
    onlyDependOnLibsWithTags: [
      'scope:contract',
      'scope:conversation',
      'scope:embedded-mongo',
      'scope:text-search',
      // Its tests alone: `src/` may not, see below.
      'scope:scripted-provider',
    ],
  },
  {
    sourceTag: 'scope:chat-ui',
    onlyDependOnLibsWithTags: ['scope:contract', 'scope:conversation'],
  },
  { sourceTag: 'scope:harness', onlyDependOnLibsWithTags: ['scope:contract'] },
  {
    sourceTag: 'scope:e2e',
    onlyDependOnLibsWithTags: ['scope:contract', 'scope:harness', 'scope:scripted-provider'],
  },
  {
    sourceTag: 'scope:tools',
    onlyDependOnLibsWithTags: [
      'scope:contract',
      'scope:harness',
      'scope:scripted-provider',
      // The benchmark writes a search index past the API.
      'scope:text-search',
    ],
  },
];

/** The rooms of the API that hold a feature each: one knows another only through a door. */
const FEATURES_OF_API = [
  'assistants',
  'auth',
  'changes',
  'duplicates',
  'export',
  'folders',
  'import',
  'leftovers',
  'messages',
  'reactions',
  'replies',
  'search',
  'sessions',
  'trash',
];

/** Rooms of the API that know these features, themselves among them, and of auth its decorators. */
const roomsKnow = (rooms, known) => ({
  files: rooms.map((room) => `apps/api/src/${room}/**/*.ts`),
  ignores: ['**/*.spec.ts'],
  rules: {
    'no-restricted-imports': throughTheDoor(
      `There is no such door in docs/architecture.md for ${rooms.join('/ and ')}/.`,
      ...FEATURES_OF_API.filter((feature) => !known.includes(feature)).map(
        (feature) => `**/${feature}/**`,
      ),
      ...(known.includes('auth') ? [] : ['!**/auth/*.decorator.js']),
    ),
  },
});

/** A feature of the page is imported through its `index.ts` alone. */
const throughTheDoor = (message, ...group) => ['error', { patterns: [{ group, message }] }];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/coverage/**',
      '**/node_modules/**',
      '**/.nx/**',
      '**/test-results/**',
      '**/tmp/**',
      '**/data/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,vue}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        extraFileExtensions: ['.vue'],
      },
    },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: doors },
      ],
      '@typescript-eslint/consistent-type-imports': 'off',
      // DTOs and schemas are classes for their decorators; what fills them is plain data.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-globals': ['error', { name: 'name', message: 'The global is never meant.' }],
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: ['**/*.vue'],
    extends: [...vue.configs['flat/recommended']],
    languageOptions: {
      parser: vueParser,
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        extraFileExtensions: ['.vue'],
      },
      globals: globals.browser,
    },
    rules: {
      'vue/multi-word-component-names': 'off',
      // A prop that is left out is undefined, and its type says so.
      'vue/require-default-prop': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
    },
  },
  {
    files: ['apps/api/src/**/*.ts'],
    ignores: ['apps/api/src/config/**', '**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [{ name: '@chat/scripted-provider', message: 'It is for tests alone.' }] },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config/ reads the environment.' },
      ],
    },
  },
  roomsKnow(['common', 'persistence'], []),
  roomsKnow(['leftovers'], ['leftovers']),
  roomsKnow(['assistants'], ['assistants']),
  roomsKnow(['auth'], ['auth', 'leftovers']),
  roomsKnow(['sessions'], ['sessions', 'assistants', 'leftovers']),
  roomsKnow(['folders'], ['folders', 'sessions', 'leftovers']),
  roomsKnow(['messages'], ['messages', 'sessions', 'leftovers']),
  roomsKnow(['replies'], ['replies', 'messages', 'sessions', 'assistants']),
  roomsKnow(['trash', 'reactions'], ['trash', 'reactions', 'messages', 'sessions', 'leftovers']),
  roomsKnow(['duplicates', 'export'], ['duplicates', 'export', 'messages', 'sessions']),
  roomsKnow(['import'], ['import', 'messages', 'sessions', 'folders', 'leftovers']),
  roomsKnow(['search'], ['search', 'messages', 'sessions', 'folders', 'leftovers']),
  roomsKnow(['changes'], ['changes', 'sessions', 'folders']),
  {
    files: ['apps/chat-ui/src/ui/**/*.{ts,vue}', 'apps/chat-ui/src/composables/**/*.ts'],
    rules: {
      'no-restricted-imports': throughTheDoor(
        'ui/ and composables/ know no feature, no store, no HTTP and no router.',
        '**/features/**',
        '**/app/**',
        'pinia',
        'vue-router',
      ),
    },
  },
  {
    files: ['apps/chat-ui/src/features/**/*.{ts,vue}', 'apps/chat-ui/src/app/**/*.{ts,vue}'],
    rules: {
      'no-restricted-imports': throughTheDoor(
        'A feature is imported through its index.ts.',
        '**/features/*/*',
        '!**/features/*/index.js',
        '../auth/*',
        '../sessions/*',
        '../chat/*',
        '../markdown/*',
        '../changes/*',
        '../assistants/*',
        '../organise/*',
        '../search/*',
        '../shortcuts/*',
        '../trash/*',
        '!../*/index.js',
      ),
    },
  },
  {
    files: ['**/*.spec.ts', 'apps/api/test/**/*.ts'],
    languageOptions: { globals: globals.jest },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['apps/chat-ui/public/**/*.js'],
    languageOptions: { globals: globals.browser },
  },
  prettier,
);
