/** A model of the Hugging Face Hub, by its id. */
import { Button, Checkbox, Stack, TextInput } from '@mantine/core'
import { HubId, ModelId } from '@defect-studio/nodes'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useModelActions } from '../api/model-queries.ts'

export function AddFromHub({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const { pull } = useModelActions()
  const [hubId, setHubId] = useState('')
  const [revision, setRevision] = useState('')
  const [id, setId] = useState('')
  const [half, setHalf] = useState(false)
  const badHubId = hubId !== '' && !HubId.safeParse(hubId).success
  const badId = id !== '' && !ModelId.safeParse(id).success
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (hubId === '' || badHubId || badId) return
    const order = { hubId, half, ...(revision ? { revision } : {}), ...(id ? { id } : {}) }
    pull.mutate(order, { onSuccess: onDone })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t('models.hubId')}
          description={t('models.hubHelp')}
          placeholder="owner/name"
          required
          value={hubId}
          error={badHubId && t('models.badHubId')}
          onChange={(event) => setHubId(event.currentTarget.value.trim())}
        />
        <TextInput
          label={t('models.revision')}
          description={t('models.revisionHelp')}
          value={revision}
          onChange={(event) => setRevision(event.currentTarget.value.trim())}
        />
        <TextInput
          label={t('models.id')}
          description={t('models.idHelp')}
          value={id}
          error={badId && t('models.badId')}
          onChange={(event) => setId(event.currentTarget.value.trim())}
        />
        <Checkbox
          label={t('models.half')}
          description={t('models.halfHelp')}
          checked={half}
          onChange={(event) => setHalf(event.currentTarget.checked)}
        />
        <Button type="submit" loading={pull.isPending}>
          {t('models.download')}
        </Button>
      </Stack>
    </form>
  )
}
