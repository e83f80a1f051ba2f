/** Looks a program up on PATH without starting a shell. */
import fs from 'node:fs'
import path from 'node:path'

/** @returns the program's file, or undefined. On Windows the extensions of PATHEXT are tried. */
export function programOnPath(name, env = process.env) {
  const extensions = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : ['']
  for (const folder of (env.PATH ?? env.Path ?? '').split(path.delimiter)) {
    for (const extension of extensions) {
      const file = path.join(folder, name + extension)
      if (folder && isExecutable(file)) return file
    }
  }
  return undefined
}

function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}
