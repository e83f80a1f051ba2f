/** The one table that says which role may do what. Ownership is checked besides, at every object. */
import { z } from 'zod'

export const Role = z.enum(['super_admin', 'department_admin', 'department_member', 'guest'])
export type Role = z.infer<typeof Role>

const table = {
  /** All that a guest may until the account is approved. */
  'see-own-account': ['super_admin', 'department_admin', 'department_member', 'guest'],
  'use-studio': ['super_admin', 'department_admin', 'department_member'],
  /** Of the whole organisation. */
  'see-ranks': ['super_admin'],
  'see-department-balance': ['super_admin', 'department_admin'],
  /** Those of the own department. */
  'manage-department-runs': ['super_admin', 'department_admin'],
  'issue-tokens': ['super_admin'],
  /** A department_admin gives only the tokens of the own department, and only to its members. */
  'distribute-tokens': ['super_admin', 'department_admin'],
  'serve-other-departments': ['super_admin'],
  /** Of the own department: whoever has one can sign as the studio. */
  'manage-webhook-secrets': ['super_admin', 'department_admin'],
  'manage-prices': ['super_admin'],
  'manage-workers': ['super_admin'],
  'manage-models': ['super_admin'],
  /** They hold what was meant for one person, such as codes. */
  'read-mails': ['super_admin'],
  'manage-settings': ['super_admin'],
  /** A department_admin: members and guests of the own department. */
  'manage-members': ['super_admin', 'department_admin'],
  'manage-departments': ['super_admin'],
  /** A department_admin: what concerns the own department. */
  'read-audit': ['super_admin', 'department_admin'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof table

export function may(role: Role, permission: Permission): boolean {
  const roles: readonly Role[] = table[permission]
  return roles.includes(role)
}
