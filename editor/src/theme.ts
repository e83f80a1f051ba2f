/** The look of the page: colours that keep a contrast of 4.5 : 1 for text in light and in dark. */
import { createTheme, DEFAULT_THEME, type CSSVariablesResolver } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR", sans-serif',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.15rem' } } },
})

/** Mantine's own light text colours stand at shade 6, which is too pale for small text on a tint. */
const textOnTint = (scheme: 'light' | 'dark') =>
  Object.fromEntries(
    Object.entries(DEFAULT_THEME.colors).map(([name, shades]) => [
      `--mantine-color-${name}-light-color`,
      name === 'dark' || name === 'gray'
        ? scheme === 'light'
          ? DEFAULT_THEME.colors.gray[8]
          : DEFAULT_THEME.colors.dark[0]
        : scheme === 'light'
          ? `color-mix(in srgb, ${shades[9]}, black 30%)`
          : shades[2],
    ]),
  )

export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    ...textOnTint('light'),
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-error': colors.red[9],
    '--mantine-color-placeholder': '#6c757d',
    '--mantine-color-anchor': colors.indigo[8],
    '--studio-canvas': colors.gray[0],
    '--studio-panel': colors.gray[0],
    '--studio-card': '#ffffff',
    '--studio-line': colors.gray[3],
    '--studio-hover': colors.gray[2],
    '--studio-dots': colors.gray[4],
    '--studio-dash': colors.gray[5],
    '--studio-check': colors.gray[2],
    '--studio-minimap': colors.gray[4],
    '--studio-category-input': colors.blue[7],
    '--studio-category-defect': colors.orange[8],
    '--studio-category-generate': colors.grape[7],
    '--studio-category-edit': colors.teal[8],
    '--studio-category-control': colors.indigo[7],
    '--studio-category-output': colors.gray[7],
    '--studio-port-image': '#1971c2',
    '--studio-port-mask': '#d9480f',
    '--studio-port-text': '#2b8a3e',
    '--studio-port-number': '#9c36b5',
  },
  dark: {
    ...textOnTint('dark'),
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-error': colors.red[4],
    '--mantine-color-placeholder': '#a0a0a0',
    '--mantine-color-anchor': colors.indigo[3],
    '--studio-canvas': '#17181a',
    '--studio-panel': colors.dark[8],
    '--studio-card': colors.dark[6],
    '--studio-line': colors.dark[4],
    '--studio-hover': colors.dark[5],
    '--studio-dots': '#3a3b3e',
    '--studio-dash': colors.dark[2],
    '--studio-check': '#3b3b3b',
    '--studio-minimap': colors.dark[3],
    '--studio-category-input': colors.blue[4],
    '--studio-category-defect': colors.orange[4],
    '--studio-category-generate': colors.grape[3],
    '--studio-category-edit': colors.teal[4],
    '--studio-category-control': colors.indigo[3],
    '--studio-category-output': colors.gray[5],
    '--studio-port-image': '#4dabf7',
    '--studio-port-mask': '#ff922b',
    '--studio-port-text': '#69db7c',
    '--studio-port-number': '#da77f2',
  },
})
