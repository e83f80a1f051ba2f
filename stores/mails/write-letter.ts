/** What the text of every mail has around it: a greeting, empty lines between the paragraphs, and who wrote it. */
import type { MailLanguage } from './mail-language.ts'
import { singleLine } from './single-line.ts'

/** A mail as one kind of it says it; the page of it is laid out from these. */
export interface MailText {
  subject: string
  /** Plain text; lines end with \n. */
  text: string
  /** An address of the studio that stands in the text: the only thing that becomes a link. */
  link?: string
  /** A code that stands on a line of its own: it is drawn large. */
  code?: string
}

const greeting = {
  en: (name: string) => (name === '' ? 'Hello,' : `Hello ${name},`),
  ko: (name: string) => (name === '' ? '안녕하세요.' : `${name}님, 안녕하세요.`),
}

/**
 * @param name of the addressee as people typed it; it is brought to one line.
 * @param paragraphs what people typed in them has to be brought to one line (`singleLine`) by the caller.
 */
export function writeLetter(language: MailLanguage, name: string, paragraphs: readonly string[]): string {
  return `${[greeting[language](singleLine(name)), ...paragraphs, 'DefectStudio'].join('\n\n')}\n`
}
