// The portal: everything here is extra, every page works without it.
import { startClocks } from "./clock.js";
import { startForms } from "./forms.js";
import { startPuzzles } from "./puzzle.js";
import { startToasts } from "./toast.js";
import { startUploads } from "./upload.js";

startForms();
startClocks();
startPuzzles();
startToasts();
startUploads();
