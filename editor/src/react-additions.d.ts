/** Attributes that browsers know and React's types do not. */
import 'react'

declare module 'react' {
  interface InputHTMLAttributes<T> {
    /** Lets people choose a folder. */
    webkitdirectory?: T extends HTMLInputElement ? string : never
  }
  interface CSSProperties {
    [custom: `--${string}`]: string | number | undefined
  }
}
