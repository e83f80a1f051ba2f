/** Says what this machine computes on, for the page that lists the servers. */
import { execFile } from 'node:child_process'
import os from 'node:os'
import { promisify } from 'node:util'

export interface Device {
  device: string
  memoryMb: number
}

export async function describeDevice(provider: 'cpu' | 'cuda', deviceId: number): Promise<Device> {
  if (provider === 'cpu') return { device: cpuName(), memoryMb: Math.round(os.totalmem() / 2 ** 20) }
  try {
    const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits', `--id=${deviceId}`]
    const { stdout } = await promisify(execFile)('nvidia-smi', query)
    const [name = '', memory = ''] = stdout.trim().split(/,\s*/)
    return { device: name || `CUDA ${deviceId}`, memoryMb: Number.parseInt(memory, 10) || 0 }
  } catch {
    // Only a description: whether CUDA works is found out by the first model.
    return { device: `CUDA ${deviceId}`, memoryMb: 0 }
  }
}

const cpuName = () =>
  `${os.cpus()[0]?.model.trim() || os.arch()}, ${os.availableParallelism()} cores`.slice(0, 200)
