/** How many small pictures a page may ask for at once. */
export const mostPictures = 100;
