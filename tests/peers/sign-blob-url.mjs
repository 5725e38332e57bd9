// A signed URL of a blob, by Microsoft's own library: node sign-blob-url.mjs ENDPOINT ACCOUNT BLOB PERMISSIONS
// The account's key is in the variable ACCOUNT_KEY. The container is made when it is not there yet.
import { BlobSASPermissions, BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

const [endpoint, account, name, permissions] = process.argv.slice(2);
const credential = new StorageSharedKeyCredential(account, process.env.ACCOUNT_KEY);
const container = new BlobServiceClient(`${endpoint}/${account}`, credential).getContainerClient("artifacts");
await container.createIfNotExists();
const url = await container.getBlobClient(name).generateSasUrl({
  permissions: BlobSASPermissions.parse(permissions),
  startsOn: new Date(Date.now() - 60_000),
  expiresOn: new Date(Date.now() + 600_000),
});
console.log(url);
