/** Makes the page of a mail from its text: plain tables, nothing that is loaded from elsewhere, readable on dark ground. */
import type { MailLanguage } from './mail-language.ts'
import type { MailText } from './write-letter.ts'

const footer = {
  en: 'DefectStudio wrote this mail by itself; nobody reads an answer to it.',
  ko: 'DefectStudio에서 자동으로 보낸 메일이며, 회신하셔도 읽는 사람이 없습니다.',
} as const satisfies Record<MailLanguage, string>

const font = "font-family:system-ui,-apple-system,'Segoe UI','Malgun Gothic','Apple SD Gothic Neo',sans-serif"

/**
 * Everything that people typed is escaped, and only `link` becomes a link: an address in somebody's name stays text.
 * Colours are given for light and dark ground; clients that know neither show black on white.
 */
export function layOutMail(language: MailLanguage, { subject, text, link, code }: MailText): string {
  const paragraphs = text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => layOutParagraph(paragraph, link, code))
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .ground { background: #1a1b1e !important; }
  .sheet { background: #25262b !important; border-color: #373a40 !important; }
  .words, .code { color: #e9ecef !important; }
  .small { color: #a6a7ab !important; }
  .link { color: #74c0fc !important; }
}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f1f3f5">
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" style="background:#f1f3f5">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="sheet" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #dee2e6;border-radius:8px">
<tr><td class="words" style="padding:24px;${font};font-size:16px;line-height:1.6;color:#212529;word-break:break-word">
${paragraphs.join('\n')}
</td></tr>
</table>
<p class="small" style="max-width:560px;margin:12px auto 0;${font};font-size:12px;line-height:1.5;color:#495057">${footer[language]}</p>
</td></tr>
</table>
</body>
</html>
`
}

function layOutParagraph(paragraph: string, link: string | undefined, code: string | undefined): string {
  if (code !== undefined && paragraph === code)
    return `<p class="code" style="margin:0 0 16px;font-family:ui-monospace,Consolas,monospace;font-size:28px;letter-spacing:4px;color:#212529">${escapeHtml(code)}</p>`
  return `<p style="margin:0 0 16px">${linked(paragraph, link).replaceAll('\n', '<br>\n')}</p>`
}

function linked(paragraph: string, link: string | undefined): string {
  if (link === undefined || !/^https?:\/\//.test(link)) return escapeHtml(paragraph)
  const shown = escapeHtml(link)
  const anchor = `<a class="link" href="${shown}" style="color:#1864ab">${shown}</a>`
  return paragraph.split(link).map(escapeHtml).join(anchor)
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
