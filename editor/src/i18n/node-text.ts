/** The words of a node in the language of the page; what has no translation keeps the definition's words. */
import { findDefinition, portTypes } from '@defect-studio/nodes'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

/** `patch-match` reads as "Patch match"; a name with capitals, such as DPM++ 2M, stays as it is. */
export function readable(value: string): string {
  if (/[A-Z0-9+]/.test(value)) return value
  const words = value.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A key may not have dots or colons in it, and the samplers' names have blanks. */
export const enumKey = (value: string): string => value.replaceAll(/[^A-Za-z0-9]+/g, '_')

export function useNodeText() {
  const { t, i18n } = useTranslation()
  return useMemo(() => {
    const definition = findDefinition
    return {
      title: (type: string) => t(`nodes.${type}.title`, { defaultValue: definition(type)?.title ?? type }),
      description: (type: string) =>
        t(`nodes.${type}.description`, { defaultValue: definition(type)?.description ?? '' }),
      param: (type: string, field: string, fallback: string) =>
        t(`nodes.${type}.params.${field}.title`, { defaultValue: fallback }),
      help: (type: string, field: string, fallback: string) =>
        t(`nodes.${type}.params.${field}.help`, { defaultValue: fallback }),
      option: (type: string, field: string, value: string) =>
        t(`nodes.${type}.params.${field}.options.${enumKey(value)}`, { defaultValue: readable(value) }),
      port: (type: string, side: 'inputs' | 'outputs', name: string) => {
        const port = definition(type)?.[side][name]
        return t(`nodes.${type}.${side}.${name}`, {
          defaultValue: port ? (port.title ?? portTypes[port.type].title) : name,
        })
      },
    }
  }, [t, i18n.language])
}
export type NodeText = ReturnType<typeof useNodeText>
