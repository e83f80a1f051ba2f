/** What every document store can do: keep JSON that has no fixed shape, found by its id. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export interface DocumentStore {
  /** Writes or replaces the document. */
  put(collection: string, id: string, body: Json): Promise<void>
  get(collection: string, id: string): Promise<Json | null>
  delete(collection: string, id: string): Promise<void>
  /** Documents whose id starts with the prefix, ordered by id; at most `limit` (1 … 1000). */
  list(collection: string, prefix: string, limit: number): Promise<{ id: string; body: Json }[]>
}
