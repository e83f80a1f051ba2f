/** Decides how much of the device's memory models may take together. */
import type { Device } from './describe-device.ts'
import type { GpuWorkerEnv } from './env.ts'

/** A desktop, a driver and CUDA itself take the rest. */
const usablePart = 0.9

/** MiB; undefined on a CPU, where the system is asked anew for each picture what is free, and for an unknown GPU. */
export function memoryLimit(
  {
    INFERENCE_PROVIDER,
    CUDA_MEMORY_LIMIT_MB,
  }: Pick<GpuWorkerEnv, 'INFERENCE_PROVIDER' | 'CUDA_MEMORY_LIMIT_MB'>,
  { memoryMb }: Pick<Device, 'memoryMb'>,
): number | undefined {
  if (INFERENCE_PROVIDER === 'cpu') return undefined
  if (CUDA_MEMORY_LIMIT_MB === undefined) return memoryMb > 0 ? Math.floor(memoryMb * usablePart) : undefined
  return memoryMb > 0 ? Math.min(CUDA_MEMORY_LIMIT_MB, memoryMb) : CUDA_MEMORY_LIMIT_MB
}
