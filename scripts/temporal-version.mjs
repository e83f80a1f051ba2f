/** Which Temporal server the studio starts. */

/** Later versions do not build with `go install`; this one holds server 1.29. */
export const TEMPORAL_CLI_VERSION = 'v1.5.1'
export const TEMPORAL_SERVER = 'Server 1.29.'
