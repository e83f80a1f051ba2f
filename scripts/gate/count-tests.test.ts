/** The gate must not be green because nothing ran. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { countTests } from './count-tests.mjs'

function counted(report: object, isPassed: boolean): object {
  const file = path.join(os.tmpdir(), `defect-studio-report-${process.pid}.json`)
  fs.writeFileSync(
    file,
    JSON.stringify({ numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...report }),
  )
  const result = countTests(file, isPassed)
  fs.rmSync(file)
  return result
}

test('tests are counted as the runner counted them', () => {
  expect(counted({ numPassedTests: 5, numPendingTests: 1, numTodoTests: 1 }, true)).toEqual({
    passed: 5,
    failed: 0,
    skipped: 2,
  })
})

test('a file that did not load is a failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }]
  expect(counted({ numPassedTests: 5, testResults }, false)).toMatchObject({ failed: 1 })
})

test('no report, no test, or a bad end without a failed test is a failure', () => {
  expect(countTests('/nowhere.json', true)).toMatchObject({ failed: 1 })
  expect(counted({ numPassedTests: 0 }, true)).toMatchObject({ failed: 1 })
  expect(counted({ numPassedTests: 5 }, false)).toMatchObject({ failed: 1 })
})
