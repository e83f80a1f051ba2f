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
            message: t(`problems.${problem.code}.message`, {
              field: problem.field ?? '',
              detail: problem.message,
              defaultValue: problem.message,
            }),
            remedy: t(`problems.${problem.code}.remedy`, { defaultValue: problem.remedy }),
          },
    failure: (failure: { type: string; message: string; remedy: string }) => ({
      message: failure.message,
      remedy: english ? failure.remedy : t(`failures.${failure.type}`, { defaultValue: failure.remedy }),
    }),
  }
}
