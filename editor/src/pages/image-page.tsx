/** One picture of the gallery: itself, its mask, and how it was made. */
import { Button, Code, Grid, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { IconArrowLeft, IconDownload, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { answer, api } from '../api/client.ts'
import { useImage } from '../api/queries.ts'
import { useMember } from '../api/session.ts'
import type { GalleryImageDetail, PictureLink } from '../api/types.ts'
import { OpenAsGraph } from '../gallery/open-as-graph.tsx'
import { pngName } from '../gallery/png-name.ts'
import { useFormat } from '../i18n/use-format.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { AsyncList } from '../shell/async-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { showError } from '../shell/show-error.ts'

export function ImagePage() {
  const { id = '' } = useParams()
  const { t } = useTranslation()
  const answer = useImage(id)
  return (
    <PageFrame
      title={answer.data?.name ?? t('shell.pages.gallery')}
      actions={
        <Button component={Link} to="/gallery" variant="default" leftSection={<IconArrowLeft size={16} />}>
          {t('gallery.back')}
        </Button>
      }
    >
      <AsyncList answer={answer} isEmpty={!answer.data} empty={null}>
        {answer.data && <Details image={answer.data} />}
      </AsyncList>
    </PageFrame>
  )
}

function Details({ image }: { image: GalleryImageDetail }) {
  const { t } = useTranslation()
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: image.mask ? 4.5 : 8 }}>
        <Picture title={t('gallery.picture')} link={image.image} file={pngName(image.name, false)} />
      </Grid.Col>
      {image.mask && (
        <Grid.Col span={{ base: 12, md: 4.5 }}>
          <Picture title={t('gallery.mask')} link={image.mask} file={pngName(image.name, true)} />
        </Grid.Col>
      )}
      <Grid.Col span={{ base: 12, md: image.mask ? 3 : 4 }}>
        <Facts image={image} />
      </Grid.Col>
      {image.provenance !== null && (
        <Grid.Col span={12}>
          <details>
            <summary>{t('gallery.provenance')}</summary>
            <Code block mt="xs" mah={400} style={{ overflow: 'auto' }} tabIndex={0}>
              {JSON.stringify(image.provenance, null, 2)}
            </Code>
          </details>
        </Grid.Col>
      )}
    </Grid>
  )
}

function Picture({ title, link, file }: { title: string; link: PictureLink; file: string }) {
  const { t } = useTranslation()
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Button
          component="a"
          href={link.url}
          download={file}
          size="xs"
          variant="default"
          leftSection={<IconDownload size={16} />}
          aria-label={t('gallery.downloadFile', { name: file })}
        >
          {t('gallery.download')}
        </Button>
      </Group>
      <Paper withBorder className="checkerboard" style={{ overflow: 'hidden' }}>
        <img
          src={link.url}
          alt={title}
          width={link.width}
          height={link.height}
          style={{ width: '100%', height: 'auto', maxHeight: '66vh', objectFit: 'contain', display: 'block' }}
        />
      </Paper>
    </Stack>
  )
}

function Facts({ image }: { image: GalleryImageDetail }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const { date, number } = useFormat()
  const member = useMember()
  const client = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/images/{id}', { params: { path: { id: image.id } } })),
    onSuccess: async () => {
      await navigate('/gallery')
      await client.invalidateQueries({ queryKey: ['images'] })
    },
    onError: showError,
  })
  const ask = () =>
    modals.openConfirmModal({
      title: t('gallery.removeTitle', { name: image.name }),
      children: <Text size="sm">{t('gallery.removeText')}</Text>,
      labels: { confirm: t('common.delete'), cancel: t('common.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () => remove.mutate(),
    })
  const proof = image.certificate
  const certified =
    proof && t('gallery.certified', { changed: number(proof.changedInside), inside: number(proof.inside) })
  const facts: [string, string | null][] = [
    [t('gallery.tool'), image.tool ? text.title(image.tool) : null],
    [t('gallery.prompt'), image.prompt],
    [t('gallery.model'), image.model],
    [t('gallery.seed'), image.seed === null ? null : String(image.seed)],
    [t('gallery.size'), `${image.width} × ${image.height}`],
    [t('gallery.outsideMask'), certified],
    [t('gallery.by'), image.ownerNickname],
    [t('gallery.made'), date(image.createdAt)],
  ]
  return (
    <Paper withBorder p="md" bg="var(--studio-card)">
      <Title order={2} size="h4" mb="sm">
        {t('gallery.howMade')}
      </Title>
      <dl style={{ margin: 0 }}>
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name} style={{ marginBottom: 10 }}>
                <Text component="dt" size="xs" c="dimmed">
                  {name}
                </Text>
                <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
                  {value}
                </Text>
              </div>
            ),
        )}
      </dl>
      <Group mt="md" gap="xs">
        {image.runId && (
          <Button component={Link} to={`/runs/${image.runId}`} variant="light" size="xs">
            {t('gallery.toRun')}
          </Button>
        )}
        <OpenAsGraph artifactKey={image.image.key} name={image.name} />
        {image.ownerId === member.id && (
          <Button variant="subtle" color="red" size="xs" leftSection={<IconTrash size={16} />} onClick={ask}>
            {t('common.delete')}
          </Button>
        )}
      </Group>
    </Paper>
  )
}
