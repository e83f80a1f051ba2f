/** Serves the built editor beside the API; every address that is no file is the editor's own. */
import path from 'node:path'
import express, { Router } from 'express'

export function serveEditor(folder: string): Router {
  const router = Router()
  router.use(
    express.static(folder, {
      index: false,
      setHeaders(response, file) {
        // Vite names files in assets/ by their content.
        const forever = file.includes(`${path.sep}assets${path.sep}`)
        response.setHeader('Cache-Control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    }),
  )
  router.get('/{*any}', (request, response, next) => {
    if (!request.accepts('html') || path.extname(request.path) !== '') return next()
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: folder })
  })
  return router
}
