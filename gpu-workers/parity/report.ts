/** Keeps the worst of what `npm run parity` compared, per model and sampler, and says whether it is within the bounds. */
import type { Difference } from './difference.ts'
import type { PictureCase } from './picture-case.ts'

/**
 * What counts as the same picture: on the scale 0 … 1 of pixels, and in units of the latents' own mean size where that is
 * above 1. Random weights under guidance reach latents of several hundred, where PyTorch's own float32 is 1e-3 off double
 * precision.
 */
export const bounds = { pixelMean: 1 / 255, pixelMax: 4 / 255, latentMax: 1e-3 }

type Worst = { pixelMean: number; pixelMax: number; latentMax: number; latentShare: number }
type Row = Worst & { model: string; sampler: string; pictures: number; beyond: number }

export function createReport() {
  const rows = new Map<string, Row>()
  const broken: string[] = []

  return {
    /** @param latentSize mean absolute value of the reference's latents. */
    add(one: PictureCase, apart: { latents: Difference; pixels: Difference }, latentSize: number): void {
      const found: Worst = {
        pixelMean: apart.pixels.mean,
        pixelMax: apart.pixels.max,
        latentMax: apart.latents.max,
        latentShare: apart.latents.max / Math.max(1, latentSize),
      }
      const key = `${one.model}, ${one.sampler}`
      const row = rows.get(key) ?? emptyRow(one)
      rows.set(key, row)
      row.pictures++
      for (const name of ['pixelMean', 'pixelMax', 'latentMax', 'latentShare'] as const) {
        row[name] = worse(row[name], found[name])
      }
      if (isWithin(found)) return
      row.beyond++
      broken.push(`${key}, ${one.tool}, ${one.steps} steps, guidance ${one.guidanceScale}: ${written(found)}`)
    },

    table(): string {
      const head = [
        'model',
        'sampler',
        'pictures',
        'pixels mean /255',
        'pixels max /255',
        'latents max',
        'in their size',
        'beyond',
      ]
      const body = [...rows.values()].map((row) => [
        row.model,
        row.sampler,
        String(row.pictures),
        (row.pixelMean * 255).toFixed(5),
        (row.pixelMax * 255).toFixed(4),
        row.latentMax.toExponential(1),
        row.latentShare.toExponential(1),
        String(row.beyond),
      ])
      return [...aligned([head, ...body]), ...broken.map((line) => `beyond the bounds: ${line}`)].join('\n')
    },

    summary() {
      const all = [...rows.values()]
      const pictures = all.reduce((sum, row) => sum + row.pictures, 0)
      const worst = (name: keyof Worst) => all.reduce((found, row) => worse(found, row[name]), 0)
      return {
        passed: pictures > 0 && broken.length === 0,
        pictures,
        beyond: broken.length,
        worst_pixel_mean_255: worst('pixelMean') * 255,
        worst_pixel_max_255: worst('pixelMax') * 255,
        worst_latent_max: worst('latentMax'),
        worst_latent_share: worst('latentShare'),
        models: new Set(all.map((row) => row.model)).size,
        samplers: new Set(all.map((row) => row.sampler)).size,
      }
    },
  }
}

function emptyRow({ model, sampler }: PictureCase): Row {
  return { model, sampler, pictures: 0, beyond: 0, pixelMean: 0, pixelMax: 0, latentMax: 0, latentShare: 0 }
}

/** NaN is worse than any number. */
function worse(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? NaN : Math.max(a, b)
}

function isWithin(found: Worst): boolean {
  return (
    found.pixelMean <= bounds.pixelMean &&
    found.pixelMax <= bounds.pixelMax &&
    found.latentShare <= bounds.latentMax
  )
}

function written({ pixelMean, pixelMax, latentMax }: Worst): string {
  return `pixels mean ${(pixelMean * 255).toFixed(3)}/255, max ${(pixelMax * 255).toFixed(2)}/255, latents ${latentMax.toExponential(1)}`
}

function aligned(lines: string[][]): string[] {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}
