/** The languages in which the studio writes mails, and which one a member reads. */

export const mailLanguages = ['en', 'ko'] as const
export type MailLanguage = (typeof mailLanguages)[number]

/** @param stored `Member.language`; whatever is not known is answered in English. */
export const mailLanguage = (stored: string | null | undefined): MailLanguage =>
  stored === 'ko' ? 'ko' : 'en'
