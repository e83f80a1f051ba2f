/** The dialog that adds a model: by its name in the catalogue, by its id on the hub, or as a zip. */
import { Modal, Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { AddByUpload } from './add-by-upload.tsx'
import { AddFromCatalogue } from './add-from-catalogue.tsx'
import { AddFromHub } from './add-from-hub.tsx'

export type AddFrom = 'catalogue' | 'hub' | 'zip'

interface AddModelProps {
  /** The tab that is open; null closes the dialog. */
  from: AddFrom | null
  onChange: (from: AddFrom | null) => void
}

export function AddModel({ from, onChange }: AddModelProps) {
  const { t } = useTranslation()
  const close = () => onChange(null)
  return (
    <Modal
      opened={from !== null}
      onClose={close}
      size="lg"
      title={t('models.add')}
      closeButtonProps={{ 'aria-label': t('models.dismiss') }}
    >
      <Tabs
        value={from ?? 'catalogue'}
        onChange={(value) => onChange(value === 'hub' || value === 'zip' ? value : 'catalogue')}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="catalogue">{t('models.from.catalogue')}</Tabs.Tab>
          <Tabs.Tab value="hub">{t('models.from.hub')}</Tabs.Tab>
          <Tabs.Tab value="zip">{t('models.from.zip')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="catalogue">
          <AddFromCatalogue onDone={close} />
        </Tabs.Panel>
        <Tabs.Panel value="hub">
          <AddFromHub onDone={close} />
        </Tabs.Panel>
        <Tabs.Panel value="zip">
          <AddByUpload onDone={close} />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  )
}
