/** A picture ready to be drawn on a canvas. */
import { useEffect, useState } from 'react'

export function useLoadedImage(url: string | null): { image: HTMLImageElement | null; failed: boolean } {
  const [loaded, setLoaded] = useState<{ image: HTMLImageElement | null; failed: boolean }>({
    image: null,
    failed: false,
  })
  useEffect(() => {
    if (url === null) return
    const image = new Image()
    let wanted = true
    image.src = url
    image.decode().then(
      () => wanted && setLoaded({ image, failed: false }),
      () => wanted && setLoaded({ image: null, failed: true }),
    )
    return () => {
      wanted = false
    }
  }, [url])
  return loaded
}
