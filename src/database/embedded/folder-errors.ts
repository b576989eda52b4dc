import { AppError } from "#protocol/errors.ts";

/** Turns a file system error of the data folder into one line for the operator. */
export function explainFolderError(dir: string, cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(dir, cause);
    case "EACCES":
    case "EPERM":
      return unusable(
        dir,
        "is not writable for this user. Change its owner, or set DATA_DIR to another folder.",
        cause,
      );
    case "EROFS":
      return unusable(dir, "is on a read-only disk. Set DATA_DIR to a writable folder.", cause);
    case "ENOTDIR":
    case "EEXIST":
      return unusable(dir, "is not a folder. Set DATA_DIR to a folder.", cause);
    default:
      return code
        ? unusable(dir, `cannot be used: ${message}. Fix that, or set DATA_DIR to another folder.`, cause)
        : cause;
  }
}

export function diskFull(dir: string, cause?: unknown): AppError {
  return new AppError("disk_full", `The disk of ${dir} is full. Free some space, then start again; nothing was lost.`, {
    cause,
  });
}

export function unusable(dir: string, what: string, cause?: unknown): AppError {
  return new AppError("data_folder_unusable", `The data folder ${dir} ${what}`, { cause });
}
