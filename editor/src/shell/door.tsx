/** The frame of the pages before the studio: first visit and sign-in. */
import { Box, Center, Group, Paper, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './door.module.css'
import { LanguageSwitch } from './language-switch.tsx'

export const Door = ({ title, text, children }: { title: string; text: string; children: ReactNode }) => (
  <Box component="main" className={classes['door'] ?? ''}>
    <Center mih="100vh" p="md">
      <Paper withBorder shadow="md" radius="lg" p="xl" w={420}>
        <Group gap="sm" mb="lg" justify="space-between">
          <Group gap="sm">
            <img src="/icon.svg" width={36} height={36} alt="" />
            <Text fw={700} size="xl">
              DefectStudio
            </Text>
          </Group>
          <LanguageSwitch />
        </Group>
        <Title order={1} size="h2">
          {title}
        </Title>
        <Text c="dimmed" size="sm" mt={4} mb="lg">
          {text}
        </Text>
        {children}
      </Paper>
    </Center>
  </Box>
)
