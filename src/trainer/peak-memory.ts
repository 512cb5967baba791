/** How much memory this process has had at most. */
import { readFileSync } from 'node:fs';

/**
 * In bytes. Linux hands the figure of `resourceUsage` on to whatever a process starts, so that a small child of a large
 * parent would have been as large; the one in /proc begins anew.
 */
export function peakMemory(): number {
  const own =
    process.platform === 'linux' && /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  return 1024 * (own ? Number(own[1]) : process.resourceUsage().maxRSS);
}
