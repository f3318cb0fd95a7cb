/** The one IPC channel between window and main process; what travels on it is the contract's envelope. */
export const ipcChannel = "hone";
