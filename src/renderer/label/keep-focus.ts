/** For `onmousedown`: the picture keeps the keyboard when the mouse is used beside it. */
export const keepFocus = (event: MouseEvent): void => event.preventDefault();
