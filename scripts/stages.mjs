const sources = ['server', 'client-kiosk', 'client-agent', 'shared/protocol', 'shared/rtc', 'shared/ui'].map(
  (name) => `${name}/src`,
);

/**
 * What `npm test` runs, in this order. A stage either runs `commands` (a program inside node_modules and its
 * arguments) or the Vitest project `project`, whose tests live under `folders`. `needs` is what set-up brings for it.
 */
export const stages = [
  {
    name: 'format',
    about: 'oxfmt',
    needs: [],
    commands: [['oxfmt/bin/oxfmt', '--check']],
    hint: 'This puts it right: npm run format',
  },
  {
    name: 'lint',
    about: 'oxlint, and eslint for the templates of .vue files',
    needs: [],
    commands: [
      ['oxlint/bin/oxlint', '--deny-warnings', '--report-unused-disable-directives'],
      [
        'eslint/bin/eslint.js',
        '--no-error-on-unmatched-pattern',
        '--max-warnings=0',
        'client-*/**/*.vue',
        'shared/**/*.vue',
      ],
    ],
  },
  {
    name: 'types',
    about: 'TypeScript, strict',
    needs: [],
    commands: [
      ['typescript/bin/tsc', '-p', 'tsconfig.node.json'],
      ['vue-tsc/bin/vue-tsc.js', '-p', 'tsconfig.web.json'],
      ['vue-tsc/bin/vue-tsc.js', '-p', 'tsconfig.tests.json'],
    ],
  },
  { name: 'walls', about: 'who may import whom', needs: [], project: 'architecture', folders: ['tests/architecture'] },
  { name: 'dead-code', about: 'knip', needs: [], commands: [['knip/bin/knip.js']] },
  { name: 'unit', about: 'tests beside the code', needs: [], project: 'unit', folders: sources },
  {
    name: 'integration',
    about: 'the real server with real databases',
    needs: ['test-machine', 'worker'],
    project: 'integration',
    folders: ['tests/integration'],
  },
  {
    name: 'media',
    about: 'real calls through a real worker and browser',
    needs: ['test-machine', 'worker', 'clients'],
    project: 'media',
    folders: ['tests/media'],
  },
  {
    name: 'e2e',
    about: 'both apps in a real browser',
    needs: ['test-machine', 'worker', 'clients', 'voice'],
    project: 'e2e',
    folders: ['tests/e2e'],
  },
  {
    name: 'faults',
    about: 'things break, calls do not (long)',
    needs: ['test-machine', 'worker', 'clients'],
    project: 'faults',
    folders: ['tests/faults'],
    onlyByName: true,
  },
];

export const isTestStage = (stage) => stage.project !== undefined;
