/** What is shown when a page itself breaks: never a blank screen. */
import { Button, Center, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router'

export function PageError() {
  const { t } = useTranslation()
  const error = useRouteError()
  return (
    <Center h="100vh" component="main">
      <Stack align="center" maw={480} ta="center">
        <Title order={1}>{t('pageError.title')}</Title>
        <Text c="dimmed">{error instanceof Error ? error.message : t('pageError.unknown')}</Text>
        <Button onClick={() => location.reload()}>{t('pageError.reload')}</Button>
      </Stack>
    </Center>
  )
}
