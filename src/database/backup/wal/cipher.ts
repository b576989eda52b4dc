/** Encrypts what leaves the machine. Decrypting needs the key, which a server that only makes backups need not have. */
export type WalCipher = {
  encrypt(plain: Buffer): Promise<Buffer>;
  /** @throws if the key is missing or wrong, or a bit has changed */
  decrypt(packed: Buffer): Promise<Buffer>;
};
