/** A problem in the language of the page; English keeps the words of the check itself. */
import type { GraphProblem } from '@defect-studio/nodes'
import { useTranslation } from 'react-i18next'

export function useProblemText() {
  const { t, i18n } = useTranslation()
  const english = i18n.language === 'en'
  return {
    problem: (problem: GraphProblem) =>
      english
        ? { message: problem.message, remedy: problem.remedy }
        : {
            message: withDetail(
              t(`problems.${problem.code}.message`, {
                field: problem.field ?? '',
                detail: problem.message,
                defaultValue: problem.message,
              }),
              problem.message,
            ),
            remedy: t(`problems.${problem.code}.remedy`, { defaultValue: problem.remedy }),
          },
    failure: (failure: { type: string; message: string; remedy: string }) =>
      english
        ? { message: failure.message, remedy: failure.remedy }
        : {
            message: withDetail(
              t(`failures.${failure.type}.message`, { defaultValue: failure.message }),
              failure.message,
            ),
            remedy: t(`failures.${failure.type}.remedy`, { defaultValue: failure.remedy }),
          },
  }
}

/** Which name, which value, which limit only the sentence of the check itself says: it follows in parentheses. */
export function withDetail(sentence: string, detail: string): string {
  const end = /[.!?]$/.exec(sentence)?.[0] ?? ''
  const inner = detail.replace(/\.$/, '')
  if (inner === '' || sentence.includes(inner)) return sentence
  return `${sentence.slice(0, sentence.length - end.length)} (${inner})${end}`
}
