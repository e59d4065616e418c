// What is in a saved ZIP, by an unpacker that is not ours.
import { execFileSync } from "node:child_process";

const SCRIPT = `import hashlib, json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
files = [(name, archive.read(name)) for name in archive.namelist()]
print(json.dumps([[name, hashlib.sha256(data).hexdigest(), data[:3].hex()] for name, data in files]))`;

/** Name, SHA-256 and first bytes of each file, by Python, which compares every checksum. */
export const unpacked = (path) => JSON.parse(execFileSync("python3", ["-c", SCRIPT, path], { encoding: "utf8" }));
