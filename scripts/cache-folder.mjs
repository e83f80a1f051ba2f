/** Where tools that are fetched or built once are kept: the platform's own cache folder, shared by all clones. */
import os from 'node:os'
import path from 'node:path'

/** `~/.cache/defect-studio` on Linux (or XDG_CACHE_HOME), `~/Library/Caches` on macOS, LOCALAPPDATA on Windows. */
export function cacheFolder({ env = process.env, platform = process.platform, home = os.homedir() } = {}) {
  if (platform === 'win32')
    return path.join(env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'defect-studio')
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'defect-studio')
  return path.join(env.XDG_CACHE_HOME || path.join(home, '.cache'), 'defect-studio')
}
