/** The frame of a plain page: its heading, its main button, and a readable width. */
import { Container, Group, Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'

interface PageFrameProps {
  title: string
  actions?: ReactNode
  size?: 'md' | 'xl'
  children: ReactNode
}

export function PageFrame({ title, actions, size = 'xl', children }: PageFrameProps) {
  useEffect(() => {
    document.title = `${title} · DefectStudio`
  }, [title])
  return (
    <Container size={size} py="lg" px="lg">
      <Group justify="space-between" mb="lg">
        <Title order={1}>{title}</Title>
        {actions}
      </Group>
      {children}
    </Container>
  )
}
