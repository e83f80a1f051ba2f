/** The templates as cards with a small drawing of the graph. */
import { SimpleGrid, Text, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { graphTemplates, type GraphTemplate } from './graph-templates.ts'
import { GraphSketch } from './graph-sketch.tsx'
import classes from './template-cards.module.css'

export function TemplateCards({ onChoose }: { onChoose: (template: GraphTemplate) => void }) {
  const { t } = useTranslation()
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      {graphTemplates.map((template) => (
        <UnstyledButton
          key={template.name}
          className={classes['card'] ?? ''}
          onClick={() => onChoose(template)}
        >
          <GraphSketch graph={template.graph} />
          <Text fw={650} mt="sm" component="span" display="block">
            {t(`templates.${template.name}.title`)}
          </Text>
          <Text size="sm" c="dimmed" component="span" display="block">
            {t(`templates.${template.name}.text`)}
          </Text>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  )
}
