/** Which language the page speaks: chosen by the person, else the browser's. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en/index.ts'
import { ko } from './ko/index.ts'

export const languages = [
  { code: 'en', name: 'English' },
  { code: 'ko', name: '한국어' },
] as const
export type LanguageCode = (typeof languages)[number]['code']

const storageKey = 'defect-studio-language'

export function startLanguage(): void {
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, ko: { translation: ko } },
    lng: preferred(),
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = i18next.language
}

export function setLanguage(code: LanguageCode): void {
  localStorage.setItem(storageKey, code)
  document.documentElement.lang = code
  void i18next.changeLanguage(code)
}

function preferred(): LanguageCode {
  const stored = localStorage.getItem(storageKey)
  return (
    languages.find((language) => language.code === stored)?.code ??
    languages.find((language) => navigator.language.startsWith(language.code))?.code ??
    'en'
  )
}
