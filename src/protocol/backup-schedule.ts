/** The newest backup of so many days and weeks is kept. One that is set aside is kept as long as it says. */
export const dailyKept = 7;
export const weeklyKept = 4;

/** A backup that is not set aside goes after so many days at the latest, while backups are made each day. */
export const maxBackupDays = Math.max(dailyKept, 7 * weeklyKept);
