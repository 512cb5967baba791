/** The people that are drawn and the pictures that are taken of them, as numbers. */
import type { Random } from '../../domain/random.ts';

/** What stays the same from picture to picture of one person. */
export interface Person {
  readonly skin: number;
  readonly hair: number;
  readonly hairline: number;
  readonly longHair: boolean;
  readonly width: number;
  readonly chin: number;
  readonly eyeDistance: number;
  readonly eyeSize: number;
  readonly iris: number;
  readonly browHeight: number;
  readonly browTilt: number;
  readonly browThickness: number;
  readonly noseLength: number;
  readonly noseWidth: number;
  readonly mouthWidth: number;
  readonly lips: number;
  readonly beard: number;
}

/** What differs between two pictures of one person. Angles in radians, shifts and blur in pixels. */
export interface Shot {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly scale: number;
  readonly shiftX: number;
  readonly shiftY: number;
  /** Where the light comes from, left to right and top to bottom, and how much of it there is all around. */
  readonly lightX: number;
  readonly lightY: number;
  readonly ambient: number;
  readonly contrast: number;
  readonly brightness: number;
  readonly background: number;
  readonly smile: number;
  readonly openMouth: number;
  readonly openEyes: number;
  readonly gaze: number;
  readonly blur: number;
  readonly noise: number;
}

export function drawPerson(random: Random): Person {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const skin = between(95, 215);
  return {
    skin,
    hair: between(12, Math.min(150, skin - 20)),
    hairline: between(-1.15, -0.82),
    longHair: random.uniform() < 0.4,
    width: between(0.92, 1.08),
    chin: between(1.32, 1.55),
    eyeDistance: between(0.48, 0.57),
    eyeSize: between(0.9, 1.2),
    iris: between(15, 90),
    browHeight: between(0.24, 0.34),
    browTilt: between(-0.06, 0.1),
    browThickness: between(0.045, 0.1),
    noseLength: between(0.36, 0.52),
    noseWidth: between(0.16, 0.26),
    mouthWidth: between(0.36, 0.5),
    lips: between(0.07, 0.13),
    beard: random.uniform() < 0.25 ? between(0.2, 0.6) : 0,
  };
}

export function drawShot(random: Random): Shot {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  return {
    yaw: 0.24 * random.normal(),
    pitch: 0.1 * random.normal(),
    roll: 0.11 * random.normal(),
    scale: between(0.84, 1.06),
    shiftX: 2 * random.normal(),
    shiftY: 2 * random.normal(),
    lightX: between(-0.9, 0.9),
    lightY: between(-0.8, 0.1),
    ambient: between(0.35, 0.75),
    contrast: between(0.65, 1.15),
    brightness: between(-25, 20),
    background: between(20, 220),
    smile: between(-0.04, 0.1),
    openMouth: random.uniform() < 0.35 ? between(0.03, 0.2) : 0,
    openEyes: random.uniform() < 0.06 ? 0.25 : between(0.75, 1.1),
    gaze: between(-0.05, 0.05),
    blur: between(0.35, 0.9),
    noise: between(1, 7),
  };
}
