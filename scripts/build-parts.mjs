/** What is built, from where: the entry of each process and the rooms whose code ends up in it. */

/**
 * `rooms` are the folders whose sources decide whether the part is stale; a room missing here would leave an old
 * build in use, one too many only builds too often.
 */
export const BUILD_PARTS = {
  migrate: { entry: 'prisma/migrate.ts', output: 'dist/migrate.js', rooms: ['prisma'] },
  backup: {
    entry: 'stores/backup/program.ts',
    output: 'dist/backup.js',
    rooms: ['stores', 'prisma', 'nodes'],
  },
  api: {
    entry: 'api/server.ts',
    output: 'dist/api.js',
    rooms: ['api', 'workflows', 'stores', 'prisma', 'nodes'],
  },
  worker: {
    entry: 'activities/worker.ts',
    output: 'dist/worker.js',
    rooms: ['activities', 'workflows', 'stores', 'prisma', 'nodes'],
  },
  'gpu-worker': {
    entry: 'gpu-workers/worker.ts',
    output: 'dist/gpu-worker.js',
    rooms: ['gpu-workers', 'activities', 'stores', 'nodes'],
  },
  models: {
    entry: 'gpu-workers/models/program.ts',
    output: 'dist/models.js',
    rooms: ['gpu-workers', 'activities', 'stores', 'nodes'],
  },
  // Lies beside the worker, which starts it as a thread.
  'gpu-worker.thread': {
    entry: 'gpu-workers/pipeline-thread.ts',
    output: 'dist/gpu-worker.thread.js',
    rooms: ['gpu-workers', 'activities', 'stores', 'nodes'],
  },
  cli: { entry: 'cli/main.ts', output: 'dist/cli.js', rooms: ['cli', 'nodes'] },
  'workflow-bundle': {
    entry: 'workflows/index.ts',
    output: 'dist/workflow-bundle.js',
    rooms: ['workflows', 'nodes'],
  },
  editor: {
    entry: 'editor/index.html',
    output: 'dist/editor/index.html',
    rooms: ['editor', 'nodes', 'examples'],
  },
}

/** The parts that one process needs to run. */
export const PARTS_OF_PROCESS = {
  api: ['api', 'editor', 'models'],
  worker: ['worker', 'workflow-bundle'],
  'gpu-worker': ['gpu-worker', 'gpu-worker.thread'],
  cli: ['cli', 'models'],
  migrate: ['migrate'],
  backup: ['backup'],
}
