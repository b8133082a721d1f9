import vue from '@vitejs/plugin-vue';
import icons from 'unplugin-icons/vite';
import { defineConfig } from 'vitest/config';

const minute = 60_000;
/** One file at a time: a browser, a worker or a broken link must not be disturbed by its neighbour. */
const alone = {
  fileParallelism: false,
  testTimeout: 2 * minute,
  hookTimeout: 2 * minute,
  // What a page is to show comes when it comes: only a machine's hurry would make a second of it a mistake.
  expect: { poll: { timeout: 20_000 } },
};
const folder = (name: string) => ({ name, include: [`tests/${name}/**/*.test.ts`] });

export default defineConfig({
  test: {
    passWithNoTests: false,
    // Vitest leaves one processor to itself, which on a machine with two is half of them; it hardly needs any.
    maxWorkers: '100%',
    projects: [
      { test: { ...folder('architecture'), testTimeout: minute } },
      {
        plugins: [vue(), icons({ compiler: 'vue3' })],
        test: {
          name: 'unit',
          include: ['{server,client-kiosk,client-agent,shared/*}/src/**/*.test.ts'],
          globalSetup: ['tests/database.ts'],
          // the tests of the embedded Postgres make real clusters
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          ...folder('integration'),
          globalSetup: ['tests/database.ts'],
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      { test: { ...folder('media'), ...alone } },
      // The database is for tests that need a server with a clock and settings of their own.
      { test: { ...folder('e2e'), ...alone, globalSetup: ['tests/database.ts'] } },
      { test: { ...folder('faults'), ...alone, testTimeout: 10 * minute } },
    ],
  },
});
