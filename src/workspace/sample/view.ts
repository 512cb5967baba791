/**
 * From a face in space to a lit picture. The unit in space is half the width of the face; x to the right of the picture,
 * y down, z towards the viewer.
 */
import type { Point } from './canvas.ts';
import type { Person, Shot } from './person.ts';

export const pictureSize = 96;

export type Place = readonly [x: number, y: number, z: number];

export type Projection = (place: Place) => Point;
export type Light = (x: number, y: number) => number;

/** Turns the head about the middle of the features and looks at it from far away. */
export function projection({ yaw, pitch, roll, scale, shiftX, shiftY }: Shot): Projection {
  const middle = 0.75;
  const unit = 33 * scale;
  return ([x, y, z]) => {
    const turnedX = x * Math.cos(yaw) + (z - middle) * Math.sin(yaw);
    const depth = (z - middle) * Math.cos(yaw) - x * Math.sin(yaw);
    const turnedY = y * Math.cos(pitch) + depth * Math.sin(pitch);
    return [
      47.5 + shiftX + unit * (turnedX * Math.cos(roll) - turnedY * Math.sin(roll)),
      46 + shiftY + unit * (turnedX * Math.sin(roll) + turnedY * Math.cos(roll)),
    ];
  };
}

/** How bright light makes each pixel of a round head, [96, 96]: the more, the more its surface faces the light. */
export function shading({ width }: Person, { lightX, lightY, ambient }: Shot, project: Projection): Light {
  const [cx, cy] = project([0, 0.1, 0]);
  const [sideX, sideY] = project([width, 0.1, 0]);
  const radius = Math.hypot(sideX - cx, sideY - cy) * 1.08;
  const length = Math.hypot(lightX, lightY, 1);
  const map = new Float32Array(pictureSize * pictureSize);
  for (let i = 0; i < map.length; i++) {
    const u = ((i % pictureSize) - cx) / radius;
    const v = (Math.floor(i / pictureSize) - cy) / (1.35 * radius);
    const facing = (u * lightX + v * lightY + Math.sqrt(Math.max(0, 1 - u * u - v * v))) / length;
    map[i] = ambient + (1.12 - ambient) * Math.max(0, facing);
  }
  return (x, y) => map[y * pictureSize + x]!;
}
