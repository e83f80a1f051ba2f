/** Tells the Prisma command line where the schema, the migrations and the database are. */
import { defineConfig } from 'prisma/config'

export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  // Generating the client needs no database; migrating does.
  datasource: { url: process.env['DATABASE_URL'] ?? '' },
})
