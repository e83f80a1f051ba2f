/** Writes the settings of schemathesis: ids of things that exist, for everything but what deletes them. */

/**
 * @param {Record<string, string>} ids by the start of the paths that take them
 * @returns {string} TOML
 */
export function fuzzConfig(ids) {
  const blocks = Object.entries(ids).flatMap(([start, id]) => {
    const name = start === 'artifacts' ? 'key' : 'id'
    return ['GET', 'PUT', 'POST'].map((method) =>
      [
        '[[operations]]',
        `include-path-regex = "^/api/v1/${start}/\\\\{${name}\\\\}"`,
        `include-method = "${method}"`,
        `parameters = { ${name} = "${id}" }`,
      ].join('\n'),
    )
  })
  return `${blocks.join('\n\n')}\n`
}
