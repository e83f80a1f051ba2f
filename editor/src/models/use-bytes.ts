/** Sizes of files in the language of the page. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

/** 4,300,000,000 as 4.3 GB. */
export function useBytes(): (bytes: number) => string {
  const { i18n } = useTranslation()
  return useMemo(() => {
    const format = (unit: 'kilobyte' | 'megabyte' | 'gigabyte') =>
      new Intl.NumberFormat(i18n.language, { style: 'unit', unit, maximumFractionDigits: 1 })
    const [kilo, mega, giga] = [format('kilobyte'), format('megabyte'), format('gigabyte')]
    return (bytes) =>
      bytes >= 1e9
        ? giga.format(bytes / 1e9)
        : bytes >= 1e6
          ? mega.format(bytes / 1e6)
          : kilo.format(bytes / 1e3)
  }, [i18n.language])
}
