/** Serves the reference of the API: a viewer that is installed with the API, over the description that it serves. */
import { createRequire } from 'node:module'
import path from 'node:path'
import { Router } from 'express'
import helmet from 'helmet'

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>DefectStudio API</title>
<link rel="stylesheet" href="docs/viewer/swagger-ui.css">
</head>
<body>
<main id="reference"><noscript>The reference needs JavaScript; the description itself is openapi.json.</noscript></main>
<script src="docs/viewer/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`

const start = `window.SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  persistAuthorization: false,
  validatorUrl: null,
})
`

/** Nothing is loaded from elsewhere, and nothing inline runs. */
const policy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    // The viewer writes styles into its elements, and its icons are data addresses.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    // The description, and what is tried out.
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
})

const viewerFiles = ['swagger-ui.css', 'swagger-ui-bundle.js']

/** `/docs` and its files; mounted where `openapi.json` lies. */
export function referencePage(): Router {
  const viewer = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const router = Router({ strict: true })
  router.use('/docs', policy)
  router.get(
    '/docs',
    (_request, response) => void response.type('html').set('Cache-Control', 'no-cache').send(page),
  )
  router.get('/docs/', (_request, response) => response.redirect(308, '../docs'))
  router.get(
    '/docs/start.js',
    (_request, response) => void response.type('js').set('Cache-Control', 'no-cache').send(start),
  )
  for (const name of viewerFiles)
    router.get(`/docs/viewer/${name}`, (_request, response) =>
      response.sendFile(name, { root: viewer, maxAge: '1h' }),
    )
  return router
}
