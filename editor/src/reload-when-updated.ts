/** A studio that was updated no longer has the parts of the page that an open tab would load next: load it anew. */

const key = 'defect-studio-reloaded-at'

/** A part that is missing right after a reload is missing for good: reloading again would never end. */
const notAgainWithin = 30_000

export function reloadWhenUpdated(): void {
  window.addEventListener('vite:preloadError', (event) => {
    if (Date.now() - Number(sessionStorage.getItem(key) ?? 0) < notAgainWithin) return
    event.preventDefault()
    sessionStorage.setItem(key, String(Date.now()))
    location.reload()
  })
}
