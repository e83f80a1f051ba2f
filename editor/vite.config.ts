/** Builds the page into dist/editor; in development it serves the page and passes /api on to a running studio. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const studio = process.env['STUDIO_URL'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { proxy: { '/api': { target: studio, changeOrigin: true } } },
  build: {
    outDir: '../dist/editor',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // What every page needs is kept apart from our own code, so that it stays in the browser's cache.
        codeSplitting: {
          groups: [
            { name: 'zod', test: /node_modules[\\/]zod[\\/]|zod-settings/ },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'mantine', test: /node_modules[\\/]@mantine[\\/](core|hooks|notifications)/ },
          ],
        },
      },
    },
  },
})
