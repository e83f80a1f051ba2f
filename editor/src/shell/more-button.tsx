/** Asks for the next page of a list, where there is one. */
import { Button, Center } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface PagedList {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

export function MoreButton({ list }: { list: PagedList }) {
  const { t } = useTranslation()
  if (!list.hasNextPage) return null
  return (
    <Center mt="lg">
      <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {t('common.more')}
      </Button>
    </Center>
  )
}
