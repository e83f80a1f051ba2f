/** One test run for every room: `npx vitest run <room>` runs one room, `--project e2e` the browser journey. */
import { defineConfig } from 'vitest/config'

const exclude = ['**/node_modules/**', '**/dist/**', '.data/**']

export default defineConfig({
  test: {
    globalSetup: ['scripts/testing/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'rooms', include: ['**/*.test.{ts,tsx}'], exclude: [...exclude, '**/e2e/**'] },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['editor/e2e/**/*.test.ts', 'scripts/e2e/**/*.test.ts'],
          exclude,
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
