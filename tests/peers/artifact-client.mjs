// GitHub's official artifact client, as `actions/upload-artifact` and `actions/download-artifact` use it:
//   node artifact-client.mjs upload FILE NAME raw|zip, download ID FOLDER DIGEST, delete NAME, list
// The environment is a job's. The last line that it prints is what it answers, as JSON.
import { DefaultArtifactClient } from "@actions/artifact";
import { dirname } from "node:path";

const client = new DefaultArtifactClient();
const methods = {
  upload: (file, name, how) =>
    client.uploadArtifact(name, [file], dirname(file), { retentionDays: 1, skipArchive: how === "raw" }),
  download: (id, path, expectedHash) => client.downloadArtifact(Number(id), { path, expectedHash }),
  delete: (name) => client.deleteArtifact(name),
  list: () => client.listArtifacts(),
};
const [method, ...values] = process.argv.slice(2);
console.log(JSON.stringify(await methods[method](...values)));
