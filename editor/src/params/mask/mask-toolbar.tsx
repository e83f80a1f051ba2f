/** The tools of the mask editor. */
import { ActionIcon, Button, Group, SegmentedControl, Slider, Text, Tooltip } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBrush,
  IconEraser,
  IconHandStop,
  IconPolygon,
  IconRectangle,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

export const maskTools = ['brush', 'eraser', 'rectangle', 'polygon', 'move'] as const
export type MaskTool = (typeof maskTools)[number]

const icons = {
  brush: IconBrush,
  eraser: IconEraser,
  rectangle: IconRectangle,
  polygon: IconPolygon,
  move: IconHandStop,
}

interface MaskToolbarProps {
  tool: MaskTool
  onTool: (tool: MaskTool) => void
  size: number
  maxSize: number
  onSize: (size: number) => void
  zoom: number
  onZoom: (zoom: number) => void
  onUndo: (() => void) | null
  onRedo: (() => void) | null
  onClear: (() => void) | null
}

export function MaskToolbar(props: MaskToolbarProps) {
  const { t } = useTranslation()
  const steps = [
    { name: t('common.undo'), Icon: IconArrowBackUp, act: props.onUndo },
    { name: t('common.redo'), Icon: IconArrowForwardUp, act: props.onRedo },
  ]
  return (
    <Group gap="lg">
      <SegmentedControl
        aria-label={t('mask.tool')}
        value={props.tool}
        onChange={(value) => {
          const tool = maskTools.find((each) => each === value)
          if (tool) props.onTool(tool)
        }}
        data={maskTools.map((tool) => {
          const Icon = icons[tool]
          return {
            value: tool,
            label: (
              <Group gap={6} wrap="nowrap">
                <Icon size={16} aria-hidden />
                {t(`mask.tools.${tool}`)}
              </Group>
            ),
          }
        })}
      />
      <Labelled text={t('mask.size', { size: props.size })}>
        <Slider
          w={160}
          min={1}
          max={props.maxSize}
          value={props.size}
          onChange={props.onSize}
          label={null}
          thumbLabel={t('mask.brushSize')}
        />
      </Labelled>
      <Labelled text={t('mask.zoom', { percent: Math.round(props.zoom * 100) })}>
        <Slider
          w={120}
          min={1}
          max={16}
          step={0.1}
          value={props.zoom}
          onChange={props.onZoom}
          label={null}
          thumbLabel={t('mask.zoomName')}
        />
      </Labelled>
      <Group gap={6}>
        {steps.map(({ name, Icon, act }) => (
          <Tooltip key={name} label={name}>
            <ActionIcon variant="default" size={34} aria-label={name} disabled={!act} onClick={() => act?.()}>
              <Icon size={18} />
            </ActionIcon>
          </Tooltip>
        ))}
        <Button
          size="xs"
          h={34}
          variant="default"
          disabled={!props.onClear}
          onClick={() => props.onClear?.()}
        >
          {t('common.clear')}
        </Button>
      </Group>
    </Group>
  )
}

const Labelled = ({ text, children }: { text: string; children: React.ReactNode }) => (
  <Group gap={8} wrap="nowrap">
    <Text size="sm" miw={92}>
      {text}
    </Text>
    {children}
  </Group>
)
