/** Reads how many tests passed, failed and were skipped from what vitest writes as JSON. */
import fs from 'node:fs'

/**
 * A file that could not even be loaded counts as one failure, and so does a run that ended badly without a failed
 * test or without a report: a gate must not be green because nothing ran.
 */
export function countTests(reportFile, isPassed) {
  if (!fs.existsSync(reportFile)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(fs.readFileSync(reportFile, 'utf8'))
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const passed = report.numPassedTests
  const failed = report.numFailedTests + unloaded.length
  const isSilent = failed === 0 && (!isPassed || passed === 0)
  return {
    passed,
    failed: failed + (isSilent ? 1 : 0),
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
