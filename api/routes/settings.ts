/** The organisation's settings: everybody who works here may know them, super admins change them. */
import { changeSettings, readSettings, Settings } from '@defect-studio/stores'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'

const tag = 'settings'

const SettingsAnswer = z.object(Settings.shape).meta({ id: 'Settings' })

export const readOrganisationSettings = defineRoute({
  operationId: 'readOrganisationSettings',
  method: 'get',
  path: '/settings',
  tag,
  summary: 'The organisation’s settings',
  auth: 'use-studio',
  response: SettingsAnswer,
  handler: ({ studio }) => readSettings(studio.db),
})

export const changeOrganisationSettings = defineRoute({
  operationId: 'changeOrganisationSettings',
  method: 'put',
  path: '/settings',
  tag,
  summary: 'Change settings of the organisation; what is not named stays',
  auth: 'manage-settings',
  body: z
    .strictObject({
      timeZone: Settings.shape.timeZone.unwrap().optional(),
      signUp: Settings.shape.signUp.unwrap().optional(),
    })
    .meta({ id: 'SettingsChange' }),
  response: SettingsAnswer,
  handler: ({ studio, caller, body }) =>
    studio.db.$transaction((tx) => changeSettings(tx, body, caller.memberId)),
})
