/**
 * Loaded once before any workflow: keeps fewer frames of where a promise was made. The SDK notes the stack of every
 * promise so that Temporal's page can show where a run waits; ten frames of it cost more than all other work of a
 * batch.
 */
Error.stackTraceLimit = 2
