/** Params that several lists share. */
import { z } from 'zod'

/** Each star may try every place of a name: a handful is enough for people and cheap for the server. */
const mostStars = 4

export const fileNamePattern = () =>
  z
    .string()
    .max(200)
    .refine(
      (text) => (text.match(/\*+/g) ?? []).length <= mostStars,
      `A pattern may have ${mostStars} stars.`,
    )
    .default('')
    .meta({
      title: 'Only files like',
      help: 'A pattern such as *.png or good/**/cam1_*. Empty: every picture by its ending.',
    })

/** Leads out of the folder that it is below: refused before anything is looked at. */
export const climbs = (path: string): boolean =>
  path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.split(/[\\/]/).includes('..')

export const innerPath = (title: string, help: string) =>
  z
    .string()
    .max(1000)
    .refine((path) => !climbs(path), 'Write a path inside the folder, without .. and without a leading /.')
    .default('')
    .meta({ title, help })
