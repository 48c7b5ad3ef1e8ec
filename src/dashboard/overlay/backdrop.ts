/** What has not moved since the last frame need not be painted again: in large networks the links are most of the work. */
export class Backdrop {
  readonly #context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D
  #key: readonly unknown[] = []
  #isPainted = false

  /**
   * @param key all that the picture depends on
   * @param paint paints it on the context that it is given
   */
  draw(
    onto: CanvasRenderingContext2D,
    key: readonly unknown[],
    paint: (context: CanvasRenderingContext2D) => void
  ): void {
    const isSame = key.length === this.#key.length && key.every((part, at) => part === this.#key[at])
    // Whatever moves in each frame is not worth keeping.
    if (!isSame) {
      this.#key = key
      this.#isPainted = false
      paint(onto)
      return
    }
    const { canvas } = this.#context
    if (!this.#isPainted) {
      canvas.width = onto.canvas.width
      canvas.height = onto.canvas.height
      this.#context.setTransform(onto.getTransform())
      paint(this.#context)
      this.#isPainted = true
    }
    onto.save()
    onto.resetTransform()
    onto.globalAlpha = 1
    onto.drawImage(canvas, 0, 0)
    onto.restore()
  }
}
