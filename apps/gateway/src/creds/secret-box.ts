import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * Secrets at rest: `v1:<key id>:<nonce>:<ciphertext+tag>`, AES-256-GCM under a key derived per owner from the master key, the owner as
 * associated data, so that rows cannot be swapped between owners. Clear rows of a Python server are read as they are.
 */
export class SecretBox {
  private readonly keyId: string;

  constructor(private readonly masterKey: Buffer) {
    if (masterKey.length !== KEY_BYTES) throw new RangeError(`the master key of secrets must have ${KEY_BYTES} bytes`);
    this.keyId = createHash('sha256').update(masterKey).digest('hex').slice(0, 8);
  }

  seal(owner: string, text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keyOf(owner), nonce).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [VERSION, this.keyId, nonce.toString('base64url'), sealed.toString('base64url')].join(':');
  }

  /** Throws when the row was changed, belongs to another owner, or was sealed with another key. */
  open(owner: string, data: string): string {
    const [, keyId, nonce, sealed] = data.split(':');
    if (keyId !== this.keyId || nonce === undefined || sealed === undefined)
      throw new Error('the secrets were sealed with another key');
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.keyOf(owner), Buffer.from(nonce, 'base64url'))
      .setAAD(Buffer.from(owner))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  }

  static isSealed(data: string): boolean {
    return data.startsWith(`${VERSION}:`);
  }

  private keyOf(owner: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.masterKey, Buffer.from(owner), Buffer.from('panda user secrets'), KEY_BYTES));
  }
}
