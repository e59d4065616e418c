import { expect, it } from "vitest";
import { inOneLine } from "./inOneLine";

it.each([
  ["Penicillin, nickel\nPenicillin, latex", "Penicillin, nickel; Penicillin, latex"],
  ["Penicillin,\r\n\r\n  latex;\n", "Penicillin; latex"],
  ["Penicillin", "Penicillin"],
])("P6: lines stay apart in running text: %j", (text, line) => expect(inOneLine(text)).toBe(line));
