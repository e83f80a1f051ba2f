/** The field for each kind of param. A new widget is one file here and one line below. */
import type { ComponentType } from 'react'
import type { FieldKind } from '../field-kind.ts'
import type { FieldProps } from '../field-props.ts'
import { CollectionField } from './collection-field.tsx'
import { DrawnMaskField } from './drawn-mask-field.tsx'
import { ImageField } from './image-field.tsx'
import { ModelField } from './model-field.tsx'
import { NumberField } from './number-field.tsx'
import { SeedField } from './seed-field.tsx'
import { SelectField } from './select-field.tsx'
import { SliderField } from './slider-field.tsx'
import { SourceField } from './source-field.tsx'
import { SwitchField } from './switch-field.tsx'
import { TextField } from './text-field.tsx'
import { TextareaField } from './textarea-field.tsx'

export const fields: Record<FieldKind, ComponentType<FieldProps>> = {
  number: NumberField,
  slider: SliderField,
  text: TextField,
  textarea: TextareaField,
  select: SelectField,
  switch: SwitchField,
  seed: SeedField,
  image: ImageField,
  collection: CollectionField,
  'drawn-mask': DrawnMaskField,
  model: ModelField,
  'source-folder': SourceField,
  'source-bucket': SourceField,
}
