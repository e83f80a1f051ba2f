/** Who is answered how by every route: written down here, and held to by `matrix.test.ts`. */

/**
 * The answers, under a name: a cell for each caller. Three letters are for the member's own object, for one that another
 * member shares with the department, and for a private one of another department; one letter is for all of them. `+` is
 * allowed, `1` 401, `3` 403, `4` 404. Both keys are the member's: one with every scope but the row's, one with it alone.
 */
export const profiles = `
#                    nobody  guest  member  other-member  admin  other-admin  super  key-without  key-with  worker
public            | +       +      +       +             +      +            +      +            +         +
nothing there     | 4       4      4       4             4      4            4      4            4         4
signed otherwise  | 1       1      1       1             1      1            1      1            1         1
guests too        | 1       +      +       +             +      +            +      +            +         1
signed in         | 1       3      +       +             +      +            +      3            3         1
own, signed in    | 1       3      +44     4             4      4            4      3            3         1
members           | 1       3      +       +             +      +            +      3            +         1
any key           | 1       3      +       +             +      +            +      +            +         1
admins            | 1       3      3       3             +      +            +      3            3         1
super admins      | 1       3      3       3             3      3            +      3            3         1
super, not there  | 1       3      3       3             3      3            4      3            3         1
shared            | 1       3      ++4     4             4+4    4            4      3            ++4       1
own               | 1       3      +44     4             4      4            4      3            +44       1
not there         | 1       3      4       4             4      4            4      3            4         1
own, admins       | 1       3      +44     4             ++4    44+          4      3            +44       1
own, all admins   | 1       3      +44     4             ++4    44+          +      3            +44       1
own, of shared    | 1       3      +44     4             4+4    4            4      3            +44       1
bytes             | 1       1      ++4     4             4+4    4            4      3            ++4       1
of department     | 1       3      3       3             ++4    44+          4      3            3         1
of their members  | 1       3      3       3             ++4    44+          +      3            3         1
workers           | 1       1      1       1             1      1            1      1            1         +
`

/** METHOD path | profile | scope that opens it (`any`: every key, `-`: no key or any) | kind of object, of objects.fixtures.ts */
export const rows = `
GET /health | public | -
GET /setup | public | -
POST /setup/owner | public | -
GET /sign-ups/options | public | -
POST /sign-ups | public | -
POST /sign-ups/:id/code | nothing there | -
POST /sign-ups/:id/verify | public | -
POST /password-resets | public | -
POST /password-resets/:id | public | -
GET /profile | signed in | everything
PUT /profile | signed in | everything
PUT /profile/password | signed in | everything
POST /profile/email | signed in | everything
POST /profile/email/verify | signed in | everything
POST /profile/delete | signed in | everything
GET /sessions | signed in | everything
DELETE /sessions/:id | own, signed in | everything | session
DELETE /sessions | signed in | everything
POST /profile/second-factor | signed in | everything
POST /profile/second-factor/confirm | signed in | everything
POST /profile/second-factor/recovery-codes | signed in | everything
POST /profile/second-factor/off | signed in | everything
GET /auth/oidc/start | nothing there | -
GET /auth/oidc/callback | nothing there | -
POST /auth/second-step | public | -
POST /auth/login | public | -
POST /auth/refresh | signed otherwise | -
POST /auth/logout | public | -
GET /auth/me | guests too | any
GET /settings | members | everything
PUT /settings | super admins | everything
GET /node-types | members | graphs:read
GET /models | members | graphs:read
GET /samplers | members | graphs:read
GET /models/catalogue | super admins | everything
GET /models/installations | super admins | everything
POST /models/uploads | super admins | everything
POST /models/pull | super admins | everything
POST /models/installations/:id/accept-licence | super, not there | everything
DELETE /models/installations/:id | super, not there | everything
DELETE /models/:id | super admins | everything
GET /graphs | members | graphs:read
POST /graphs | members | graphs:write
POST /graphs/check | members | graphs:read
GET /graphs/:id | shared | graphs:read | graph
PUT /graphs/:id | own | graphs:write | graph
GET /graphs/:id/revisions | shared | graphs:read | graph
GET /graphs/:id/revisions/:revision | shared | graphs:read | graph
DELETE /graphs/:id | own | graphs:write | graph
POST /runs | members | runs:write
POST /graphs/:id/runs | shared | runs:write | graph
POST /runs/quote | shared | runs:read | graph
POST /runs/cancel | members | runs:write
GET /runs | members | runs:read
GET /runs/:id | own | runs:read | run
POST /runs/:id/retry | own | runs:write | run
POST /runs/:id/cancel | own | runs:write | run
POST /runs/:id/pause | own | runs:write | run
POST /runs/:id/resume | own | runs:write | run
PUT /runs/:id/priority | own | runs:write | run
PUT /runs/:id/keep | own | runs:write | run
GET /runs/:id/nodes/:nodeId/items | own | runs:read | run
GET /runs/:id/outputs/:name | own | runs:read | run
POST /graphs/:id/batches | shared | runs:write | graph
GET /batches/:id | own | runs:read | batch
GET /batches/:id/runs | own | runs:read | batch
POST /batches/:id/cancel | own | runs:write | batch
POST /graphs/:id/hooks | shared | everything | graph
GET /graphs/:id/hooks | members | everything | graph
POST /hooks/:id/rotate | own | everything | hook
DELETE /hooks/:id | own | everything | hook
POST /hooks/:id | signed otherwise | - | hook
GET /runs/:id/events | own | runs:read | run
GET /events | members | runs:read
POST /events/:id/topics | not there | runs:read
GET /schedules | members | everything
POST /schedules | shared | everything | graph
GET /schedules/:id | own, all admins | everything | schedule
PUT /schedules/:id | own, of shared | everything | schedule
POST /schedules/:id/pause | own, all admins | everything | schedule
POST /schedules/:id/resume | own, all admins | everything | schedule
POST /schedules/:id/trigger | own, all admins | everything | schedule
POST /schedules/:id/backfill | own, all admins | everything | schedule
DELETE /schedules/:id | own, all admins | everything | schedule
GET /reviews | members | everything
GET /reviews/:id | own, admins | everything | review
GET /reviews/:id/items | own, admins | everything | review
POST /reviews/:id/decisions | own, admins | everything | review
POST /reviews/:id/close | own, admins | everything | review
GET /runs/:id/deliveries | own, admins | runs:read | run
GET /webhook-secrets | members | everything
POST /webhook-secrets | admins | everything
POST /webhook-secrets/:id/rotate | of department | everything | webhook secret
DELETE /webhook-secrets/:id | of department | everything | webhook secret
POST /artifacts | members | artifacts
GET /artifacts/:key | shared | artifacts | artifact
GET /artifacts/:key/content | bytes | artifacts | artifact
GET /artifacts/:key/thumbnail | bytes | artifacts | artifact
GET /artifacts/:key/metadata | shared | artifacts | artifact
POST /collections | members | artifacts
GET /sources | members | artifacts
POST /sources/preview | members | artifacts
GET /images | members | artifacts
POST /images/metadata | members | artifacts
GET /images/:id | shared | artifacts | image
DELETE /images/:id | own | artifacts | image
GET /members | admins | everything
POST /members/decisions | admins | everything
GET /members/:id | of their members | everything | member
PUT /members/:id | of their members | everything | other member
POST /members/:id/disable | of their members | everything | other member
POST /members/:id/enable | of their members | everything | other member
DELETE /members/:id | of their members | everything | other member
GET /departments | admins | everything
POST /departments | super admins | everything
GET /departments/:id | of their members | everything | department
PUT /departments/:id | super, not there | everything
POST /departments/:id/archive | super, not there | everything
POST /departments/:id/restore | super, not there | everything
GET /statistics | members | tokens:read
GET /statistics.csv | members | tokens:read
GET /statistics/ranks | super admins | tokens:read
GET /tokens/balance | members | tokens:read
POST /tokens/issue | super admins | everything
POST /tokens/distribute | of their members | everything | member
POST /tokens/revoke | of their members | everything | member
POST /tokens/refund | admins | everything
POST /tokens/expire | super admins | everything
GET /tokens/holders | admins | tokens:read
GET /tokens/transfers | members | tokens:read
GET /presets | members | graphs:read
POST /presets | members | graphs:write
POST /presets/import | members | graphs:write
GET /presets/export | shared | graphs:read | preset
GET /presets/:id | shared | graphs:read | preset
PUT /presets/:id | own | graphs:write | preset
POST /presets/:id/duplicate | shared | graphs:write | preset
DELETE /presets/:id | own | graphs:write | preset
GET /prices | any key | any
PUT /prices | super admins | everything
GET /mails | super admins | everything
GET /mails/:id | super admins | everything
GET /audit | admins | everything
GET /audit.csv | admins | everything
GET /audit.jsonl | admins | everything
GET /outgoing-mails | super admins | everything
POST /outgoing-mails/:id/resend | super admins | everything | mail
POST /outgoing-mails/:id/give-up | super admins | everything | mail
GET /api-keys | members | everything
POST /api-keys | members | everything
DELETE /api-keys/:id | own | everything | key
GET /worker-tokens | super admins | everything
POST /worker-tokens | super admins | everything
DELETE /worker-tokens/:id | super admins | everything | worker token
GET /servers | members | everything
POST /worker/register | workers | -
POST /worker/beat | workers | -
POST /worker/progress | workers | -
GET /worker/artifacts/:key | workers | - | artifact
PUT /worker/artifacts/:key | workers | - | artifact
`
