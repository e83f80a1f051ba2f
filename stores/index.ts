/** The room's door: everything that is kept. */
export * from './artifacts/index.ts'
export type * from './documents/document-store.ts'
export * from './documents/postgres-store.ts'
export * from './ledger/ledger.ts'
export * from './ledger/hold-tokens.ts'
export * from './ledger/postgres-ledger.ts'
export * from './ledger/resolve-hold.ts'
export * from './retry-transaction.ts'
