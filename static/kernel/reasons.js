// Why a write was not taken, in words: the server's sentence, or ours where the device itself knows.

import { word } from "./words.js";

const REASONS = {
  depends: () => word("What it belongs to was refused."),
  too_large: () => word("Too large."),
  restored: () => word("Missing after the server was restored from a backup."),
  unreadable: () => word("Can no longer be read on this device."),
  not_stored: () => word("This device has no room to keep it."),
};

export const reasonOf = (why) => why?.reason || REASONS[why?.code]?.() || word("Not accepted.");
