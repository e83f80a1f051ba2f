/**
 * Tells zod not to make code from text: the page's security policy forbids it. It must be known before the first
 * schema is made, so the build puts this file into zod's own chunk (vite.config.ts) and main.tsx imports it first.
 */
import { z } from 'zod'

z.config({ jitless: true })
