/** Declares a param as an input of the graph, so that a run may be given it by name. */
import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isFreeInterfaceName, renameInput, toggleInput } from '../graph-edits.ts'
import { useGraph, useGraphStore } from '../graph-store.ts'
import type { FieldKind } from './field-kind.ts'

/** What changes from run to run: pictures, folders and texts. */
export const mayBeInput = (kind: FieldKind): boolean =>
  kind === 'image' || kind === 'collection' || kind === 'text' || kind === 'textarea'

export function GraphInputToggle({ nodeId, field }: { nodeId: string; field: string }) {
  const { t } = useTranslation()
  const graph = useGraph()
  const edit = useGraphStore((state) => state.edit)
  const declared = graph.inputs.find((input) => input.nodeId === nodeId && input.field === field)
  return (
    <>
      <Checkbox
        size="xs"
        mt={8}
        label={t('form.graphInput')}
        checked={declared !== undefined}
        onChange={() => edit((before) => toggleInput(before, nodeId, field))}
      />
      {declared && (
        <NameField
          label={t('form.inputName')}
          name={declared.name}
          taken={graph.inputs.filter((input) => input !== declared).map((input) => input.name)}
          onRename={(name) => edit((before) => renameInput(before, nodeId, field, name))}
        />
      )}
    </>
  )
}

interface NameFieldProps {
  label: string
  name: string
  taken: readonly string[]
  disabled?: boolean
  onRename: (name: string) => void
}

/** Keeps what is typed; takes it over once it is a name that can be used. */
export function NameField({ label, name, taken, disabled = false, onRename }: NameFieldProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed ?? name
  const usable = isFreeInterfaceName(shown, taken)
  return (
    <TextInput
      size="xs"
      mt={6}
      label={label}
      value={shown}
      disabled={disabled}
      error={usable ? null : t('form.badName')}
      onChange={(event) => {
        const value = event.currentTarget.value
        setTyped(value)
        if (isFreeInterfaceName(value, taken)) onRename(value)
      }}
      onBlur={() => setTyped(null)}
    />
  )
}
