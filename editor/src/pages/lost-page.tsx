/** An address that leads nowhere. */
import { Button } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Empty } from '../shell/async-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'

export function LostPage() {
  const { t } = useTranslation()
  return (
    <PageFrame title={t('lost.title')}>
      <Empty
        icon={<IconMapQuestion size={32} />}
        title={t('lost.nothing')}
        text={t('lost.text')}
        action={
          <Button component={Link} to="/graphs">
            {t('lost.back')}
          </Button>
        }
      />
    </PageFrame>
  )
}
