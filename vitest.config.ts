import { defineConfig } from 'vitest/config'

/** Tests that start libp2p nodes or processes: after the others and two at a time, for a busy machine makes them miss pings. */
const withNodes = [
  'test/node/**/*.test.ts',
  'test/programs/**/*.test.ts',
  'test/foreign/**/*.test.ts',
  'test/http/nodes/**/*.test.ts',
  'test/dashboard/browser/**/*.test.ts',
  'test/promises/**/*.test.ts'
]

export default defineConfig({
  ssr: { resolve: { conditions: ['hubcast-source'] } },
  test: {
    setupFiles: ['src/node/polyfill.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/core/**', 'protocols/**'],
      exclude: ['**/generated/**', '**/*.json', '**/*.md', '**/*.proto'],
      thresholds: { statements: 90 }
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'logic',
          include: ['test/**/*.test.ts'],
          exclude: [...withNodes, 'test/real/**'],
          // None of them waits for anything, so this is a limit for those that never end. Simulations take seconds on a busy machine.
          testTimeout: 60_000,
          sequence: { groupOrder: 0 }
        }
      },
      {
        extends: true,
        test: {
          name: 'nodes',
          include: withNodes,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 }
        }
      },
      // Minutes long, with the mission's own timings: `npm run test:real`.
      { extends: true, test: { name: 'real', include: ['test/real/**/*.test.ts'], testTimeout: 240_000 } }
    ]
  }
})
