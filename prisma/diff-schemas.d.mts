/** Types of diff-schemas.mjs. */
export function diffSchemas(before: string | null, after: string): Promise<string>
export function diffDatabase(url: string, schema: string): Promise<string>
