/** A picture for each kind of node; new nodes get their category's until they have their own. */
import { findDefinition, type Category } from '@defect-studio/nodes'
import {
  IconArrowsSplit,
  IconBolt,
  IconBrush,
  IconDeviceFloppy,
  IconEraser,
  IconFolder,
  IconNumbers,
  IconPhoto,
  IconPhotoEdit,
  IconPhotoPlus,
  IconQuote,
  IconScissors,
  IconShadow,
  IconSparkles,
  IconTextScan2,
  IconZoomIn,
  type Icon,
} from '@tabler/icons-react'

const byType: Record<string, Icon> = {
  'load-image': IconPhoto,
  'load-folder': IconFolder,
  prompt: IconQuote,
  number: IconNumbers,
  mask: IconShadow,
  'draw-defect': IconBolt,
  'text-to-image': IconPhotoPlus,
  'image-to-image': IconPhotoEdit,
  inpaint: IconBrush,
  'clean-up': IconEraser,
  'remove-background': IconScissors,
  'save-to-gallery': IconDeviceFloppy,
  'suggest-prompts': IconTextScan2,
  upscale: IconZoomIn,
}

const byCategory: Record<Category, Icon> = {
  input: IconPhoto,
  defect: IconBolt,
  generate: IconSparkles,
  edit: IconEraser,
  control: IconArrowsSplit,
  output: IconDeviceFloppy,
}

export function NodeIcon({ type, size }: { type: string; size: number }) {
  const Shown = byType[type] ?? byCategory[findDefinition(type)?.category ?? 'generate']
  return <Shown size={size} stroke={1.8} aria-hidden />
}
