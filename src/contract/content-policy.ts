/** What the page may load and do, told to the browser with every answer of whichever host. */
const policy = (pictures: string) =>
  Object.entries({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': `'self' data: ${pictures}`,
    'font-src': "'self'",
    'connect-src': `'self' ${pictures}`,
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  })
    .map(([name, value]) => `${name} ${value.trim()}`)
    .join('; ');

/** @param pictures where pictures come from, besides the page's own origin */
export const securityHeaders = (pictures = ''): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': policy(pictures),
  // The camera is asked for where a person wants to see the points on their own face; nothing else of the kind ever is.
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), display-capture=()',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
});
