// Writes each test that ended as a line of JSON.

import { inspect } from "node:util";

export default async function* lines(source) {
  for await (const { type, data } of source) {
    if ((type === "test:pass" || type === "test:fail") && data.details.type !== "suite") {
      const error = type === "test:fail" ? inspect(data.details.error.cause ?? data.details.error) : "";
      yield `${JSON.stringify({ file: data.file, name: data.name, error })}\n`;
    }
  }
}
