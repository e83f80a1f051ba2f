/** Numbers, dates and spans of time in the language of the page. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

export function useFormat() {
  const { i18n } = useTranslation()
  const language = i18n.language
  return useMemo(() => {
    const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })
    const shorts = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 })
    const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
    const seconds = new Intl.NumberFormat(language, {
      style: 'unit',
      unit: 'second',
      unitDisplay: 'short',
      maximumFractionDigits: 1,
    })
    const unit = (name: 'second' | 'minute' | 'hour') =>
      new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' })
    const whole = { second: unit('second'), minute: unit('minute'), hour: unit('hour') }
    return {
      number: (value: number) => numbers.format(value),
      /** 12,345 as 12.3K, where there is little room. */
      short: (value: number) => shorts.format(value),
      date: (iso: string) => dates.format(new Date(iso)),
      /** 90 as 2 min, 3 as 3 sec: how long something may take. */
      seconds: (value: number) =>
        value < 90
          ? whole.second.format(Math.ceil(value))
          : value < 5_400
            ? whole.minute.format(Math.ceil(value / 60))
            : whole.hour.format(Math.ceil(value / 3_600)),
      /** The time between two moments; up to now while it has not ended. */
      span: (from: string | null, to: string | null) =>
        from ? seconds.format((Date.parse(to ?? new Date().toISOString()) - Date.parse(from)) / 1000) : '–',
    }
  }, [language])
}
