/** From a picture of the gallery to a new graph that makes it again, as the picture's own file says. */
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { IconTopologyStar3 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { answer, api } from '../api/client.ts'
import { showError } from '../shell/show-error.ts'

/** @param artifactKey of the picture's file. */
export function OpenAsGraph({ artifactKey, name }: { artifactKey: string; name: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const client = useQueryClient()
  const open = useMutation({
    mutationFn: async () => {
      const { graph, notes } = await answer(
        api.GET('/api/v1/artifacts/{key}/metadata', { params: { path: { key: artifactKey } } }),
      )
      if (!graph) throw new Error(notes[0] ?? t('gallery.noGraph'))
      const body = { name: name.replace(/\.[^.]+$/, '').slice(0, 100), graph }
      return answer(api.POST('/api/v1/graphs', { body }))
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ['graphs'] })
      await navigate(`/graphs/${saved.id}`)
    },
    onError: showError,
  })
  return (
    <Button
      variant="light"
      size="xs"
      leftSection={<IconTopologyStar3 size={16} />}
      loading={open.isPending}
      onClick={() => open.mutate()}
    >
      {t('gallery.openAsGraph')}
    </Button>
  )
}
