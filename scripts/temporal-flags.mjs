/** The arguments of the local Temporal server, in one place, so that tests run on what people run. */

/**
 * Without these, priority and fairness are silently off in this server line, and a graph walks ten nodes a second
 * because one shard polls its transfer queue twenty times a second.
 */
const DYNAMIC_CONFIG = [
  'matching.useNewMatcher=true',
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'history.transferProcessorMaxPollRPS=2000',
]

/**
 * Arguments of `temporal`. With a database file state outlives the process; write-ahead logging doubles the
 * throughput and survives a killed process (a power cut may lose the last transactions).
 */
export function temporalArguments({ port, uiPort, databaseFile, namespace = 'default' }) {
  return [
    'server',
    'start-dev',
    ...['--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn', '--log-format', 'json'],
    ...['--namespace', namespace],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
    ...(databaseFile === undefined
      ? []
      : [
          '--db-filename',
          databaseFile,
          '--sqlite-pragma',
          'journal_mode=WAL',
          '--sqlite-pragma',
          'synchronous=NORMAL',
        ]),
    ...DYNAMIC_CONFIG.flatMap((entry) => ['--dynamic-config-value', entry]),
  ]
}
