/** A model as a zip from this computer, sent with its progress. */
import { Button, Checkbox, FileInput, Progress, Stack, Text, TextInput } from '@mantine/core'
import { ModelId } from '@defect-studio/nodes'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { uploadZip } from '../api/model-queries.ts'
import { Refused } from '../shell/async-list.tsx'

export function AddByUpload({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const [id, setId] = useState('')
  const [half, setHalf] = useState(false)
  const [part, setPart] = useState(0)
  const stop = useRef(new AbortController())
  const upload = useMutation({
    mutationFn: (zip: File) => {
      stop.current = new AbortController()
      return uploadZip({ file: zip, id, half, signal: stop.current.signal, onProgress: setPart })
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['models'] })
      if (!stop.current.signal.aborted) onDone()
    },
  })
  // Whoever closes the dialog stops sending.
  useEffect(() => () => stop.current.abort(), [])
  const badId = id !== '' && !ModelId.safeParse(id).success
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (file && !badId) upload.mutate(file)
  }
  const sending = t('models.sending', { name: file?.name ?? '' })
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <FileInput
          label={t('models.file')}
          description={t('models.fileHelp')}
          placeholder={t('models.chooseFile')}
          accept=".zip,application/zip"
          required
          disabled={upload.isPending}
          value={file}
          onChange={setFile}
        />
        <TextInput
          label={t('models.id')}
          description={t('models.idHelp')}
          value={id}
          error={badId && t('models.badId')}
          disabled={upload.isPending}
          onChange={(event) => setId(event.currentTarget.value.trim())}
        />
        <Checkbox
          label={t('models.half')}
          description={t('models.halfHelp')}
          checked={half}
          disabled={upload.isPending}
          onChange={(event) => setHalf(event.currentTarget.checked)}
        />
        {upload.error && <Refused error={upload.error} />}
        {upload.isPending ? (
          <>
            <Progress value={100 * part} animated aria-label={sending} />
            <Text size="sm" role="status">
              {sending} · {Math.round(100 * part)} %
            </Text>
            <Button variant="default" onClick={() => stop.current.abort()}>
              {t('models.stop')}
            </Button>
          </>
        ) : (
          <Button type="submit" disabled={!file}>
            {t('models.send')}
          </Button>
        )}
      </Stack>
    </form>
  )
}
