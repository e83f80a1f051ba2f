/** The one screen that `npm start` ends on: where to go, what runs where, how to stop. */
import path from 'node:path'

export function screen({ url, setupCode, components, states, dataDir, host, port }) {
  const width = Math.max(...components.map(({ title }) => title.length))
  const rows = components.map(({ name, title, place }) => {
    const pid = states.find((state) => state.name === name)?.pid
    return `    ${title.padEnd(width)}  ${place}  (pid ${pid ?? '-'}, log ${name}.log)`
  })
  return [
    '',
    '  DefectStudio is ready.',
    '',
    `    Open   ${url}`,
    ...(host === '127.0.0.1' || host === 'localhost'
      ? []
      : [`    From other machines: port ${port} of this one`]),
    ...(setupCode ? [`    Code   ${setupCode}   (asked once, from whoever makes the owner's account)`] : []),
    '',
    '  What runs:',
    ...rows,
    '',
    `    Data   ${dataDir}`,
    `    Logs   ${path.join(dataDir, 'logs')}`,
    '',
    '  Stop: Ctrl-C',
    '',
  ].join('\n')
}
